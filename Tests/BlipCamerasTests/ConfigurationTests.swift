import Foundation
import Testing

@testable import BlipCameras

@Suite struct ConfigurationTests {
    private static let house = """
        cameras:
          door:
            source: rtsp://192.168.1.20/stream?channel=1
            user: anna
            password: ${DOOR_PASSWORD}
            rate: 2
        sensors:
          door_open:
            ask: is the door open?
            region: [0.25, 0.5, 0.5, 0.5]
            every: 500ms
          parcel:
            camera: door
            ask: what is on the step?
            answers: [yes, parcel, 12]
            of: 5
        mqtt:
          host: broker.lan
          tls: true
        """

    private func read(
        _ yaml: String, _ environment: [String: String] = ["DOOR_PASSWORD": "a b"]
    ) throws -> WatchConfiguration {
        try WatchConfiguration(
            yaml: yaml, file: URL(filePath: "/nowhere/house.yaml"), environment: environment)
    }

    private func problems(_ yaml: String, _ environment: [String: String] = [:]) -> [String] {
        do {
            _ = try read(yaml, environment)
            return []
        } catch {
            return (error as? ConfigurationProblems)?.sentences ?? ["\(error)"]
        }
    }

    @Test func everySectionIsRead() throws {
        let house = try read(Self.house)
        let door = try #require(house.cameras.first)
        #expect(door.source == "rtsp://anna:a%20b@192.168.1.20/stream?channel=1")
        #expect(door.publicSource == "rtsp://192.168.1.20/stream")
        #expect(door.kind == .stream)
        #expect(door.rate == 2)
        #expect(house.sensors.map(\.name) == ["door_open", "parcel"])
        #expect(house.sensors[0].question == .yesNo("is the door open?"))
        #expect(house.sensors[0].region == Region(x: 0.25, y: 0.5, width: 0.5, height: 0.5))
        #expect(house.sensors[0].every == .milliseconds(500))
        #expect(house.sensors[1].states == ["yes", "parcel", "12"])
        #expect(house.sensors[1].agreeing == 3)
        #expect(house.mqtt?.port == 8883)
    }

    @Test(arguments: [
        ("sensors:\n  a:\n    ask: is it?\n", "cameras"),
        (
            "cameras:\n  a: {sorce: /dev/video0}\n",
            "Line 2: cameras.a.sorce is no key that is known; did you mean source?"
        ),
        ("cameras: {a: {source: /dev/video0}}\nmqqt: {host: h}\n", "did you mean mqtt?"),
        (
            "cameras:\n  a: {source: /dev/video0}\nsensors:\n  x: {ask: is it?}\n  x: {ask: is he?}\n",
            "x is there twice"
        ),
        ("cameras: {a: {source: 'ftp://host/x'}}", "ftp://, which is not watched"),
        ("cameras: {a: {source: /not/there.mp4}}", "/not/there.mp4 is not there"),
        ("cameras: {a: {source: /dev/video0, rate: often}}", "cameras.a.rate wants a number"),
        (
            "cameras: {a: {source: /dev/video0}}\nsensors: {x: {camera: b, ask: is it?}}",
            "there is no camera b; did you mean a?"
        ),
        (
            "cameras: {a: {source: /dev/video0}}\nsensors: {x: {ask: is it?, match: [a]}}",
            "in several ways"
        ),
        ("cameras: {a: {source: /dev/video0}}\nsensors: {x: {every: 1s}}", "asks nothing"),
        (
            "cameras: {a: {source: /dev/video0}}\nsensors: {x: {ask: is it?, agree: 1, of: 3}}",
            "more than half"
        ),
        (
            "cameras: {a: {source: /dev/video0}}\nsensors: {x: {ask: is it?, region: [0, 0, 2, 1]}}",
            "as shares from 0 to 1"
        ),
        (
            "cameras: {a: {source: 'http://h/s', password: '${MISSING_WORD}'}}",
            "no variable MISSING_WORD"
        ),
        (
            "cameras: {a: {source: 'http://h/s', password_file: /not/there}}",
            "/not/there cannot be read"
        ),
        ("cameras: {'a b': {source: /dev/video0}}", "is no name"),
        ("cameras: [a, b]", "wants names"),
        ("cameras: {a: [", "is no YAML"),
        ("", "is empty"),
        ("cameras: {}", "cameras has none"),
        ("cameras: {a: {source: 'http://h/x', kind: folder}}", "its kind is folder"),
        ("cameras: {a: {source: /tmp, kind: stream}}", "its kind is stream"),
        (
            "cameras: {a: {source: /dev/video0}}\nsensors: {x: {ask: what?, answers: [unknown, cup]}}",
            "x.answers has unknown"
        ),
        ("cameras: {a: {source: /dev/video0}}\nsensors: {x: {match: [a, a]}}", "all different"),
        ("cameras: {a: {source: /dev/video0}}\nsensors: {x: {states: ['', a]}}", "two or more"),
        ("cameras: {a: {source: /dev/video0}}\nmqtt: {host: ''}", "mqtt.host is empty"),
        ("cameras: {a: {source: /dev/video0}}\nmqtt: {host: h, topic: a/#}", "topic is no topic"),
        ("cameras: {a: {source: /dev/video0}}\nmqtt: {host: h, keep_alive: 0}", "from 1s to 18h"),
        (
            "cameras: {a: {source: /dev/video0}}\nmqtt: {host: h, ca_file: /not/there}",
            "/not/there cannot be read"
        ),
        (
            "cameras: {a: {source: /dev/video0}}\nwebhook: {url: 'not an address'}",
            "webhook.url is no address"
        ),
    ])
    func eachMistakeIsNamed(yaml: String, sentence: String) {
        let found = problems(yaml)
        #expect(found.contains { $0.contains(sentence) }, "\(found)")
    }

    @Test func anAddressWithoutItsBeginningIsNotTold() {
        let found = problems("cameras: {a: {source: 'anna:hush@host/stream'}}")
        #expect(found.count == 1 && !"\(found)".contains("hush"), "\(found)")
    }

    @Test func allMistakesAreToldTogether() {
        let found = problems(
            "cameras: {a: {source: /dev/video0, rate: x}}\nsensors: {b: {ask: is it?, evry: 1s}}")
        #expect(found.count == 2)
    }

    @Test func hostileFilesAreRefused() {
        for yaml in [
            String(repeating: "[", count: 100_000), String(repeating: "- ", count: 100_000),
            "a: &a [*a]", "? &a [x]\n: &b {*a : *a}\n", String(repeating: "{a: ", count: 20_000),
            "\u{0}", "%YAML 9.9\n---\n",
        ] {
            #expect(!problems(yaml).isEmpty)
        }
    }

    /// Eight lists, each of nine of the one before, are 43 million words; as a key they would all be compared.
    @Test func aliasesAreRefusedBeforeTheyAreRead() {
        var yaml = "a: &a [x, x, x, x, x, x, x, x, x]\n"
        for (before, name) in zip("abcdefgh", "bcdefghi") {
            let list = Array(repeating: "*\(before)", count: 9).joined(separator: ", ")
            yaml += "\(name): &\(name) [\(list)]\n"
        }
        let found = problems(yaml + "? *i\n: x\n")
        #expect(found.count == 1 && found[0].hasPrefix("Line 2: "), "\(found)")
        #expect(found[0].contains("has an alias, *a, "), "\(found)")
    }

    @Test func starsInQuestionsAreNoAliases() throws {
        let house = try read(
            "cameras: {a: {source: /dev/video0}}\nsensors: {x: {ask: 'is *this* a & b, or 2*3 &c?'}}"
        )
        #expect(house.sensors.first?.question == .yesNo("is *this* a & b, or 2*3 &c?"))
    }

    @Test func theSchemaHasEveryKey() throws {
        let text = try ConfigurationSchema.text()
        let schema = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let sections = schema?["properties"] as? [String: Any]
        #expect(Set(sections?.keys.map(\.self) ?? []) == Set(WatchConfiguration.keys.map(\.name)))
        #expect(text.contains("\"device_class\""))
    }

    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("2s", .seconds(2)), ("1.5", .milliseconds(1500)),
        ("1m", .seconds(60)), ("1h", .seconds(3600)),
    ])
    func timesAreRead(text: String, duration: Duration) {
        #expect(Duration(written: text) == duration)
    }

    @Test(arguments: ["", "s", "-1s", "2 days", "99999h", "1e9"])
    func whatIsNoTimeIsRefused(text: String) { #expect(Duration(written: text) == nil) }
}
