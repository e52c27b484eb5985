import Foundation
import Testing

@testable import BlipCameras

@Suite("What Home Assistant is told")
struct DiscoveryTests {
    private let discovery = Discovery(
        prefix: "homeassistant", topics: MQTTTopics(root: "blip"), quality: 1)

    private func watch(_ questions: [(String, SensorConfiguration.Question)]) -> WatchConfiguration
    {
        var watch = WatchConfiguration()
        watch.cameras = [.init(name: "yard", source: "rtsp://anna:hush@host/x", kind: .stream)]
        watch.sensors = questions.map { .init(name: $0.0, camera: "yard", question: $0.1) }
        return watch
    }

    private func json(_ message: Discovery.Message) throws -> [String: Any] {
        let encoder = JSONEncoder.events
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let object = try JSONSerialization.jsonObject(with: encoder.encode(message.entity))
        return try #require(object as? [String: Any])
    }

    @Test func aComponentForEachKindOfAnswer() throws {
        let messages = discovery.messages(
            watch([
                ("open", .yesNo("is it open?")), ("thing", .choice("what?", answers: ["a", "b"])),
                ("count", .number("how many?")), ("words", .caption(prompt: "")),
                ("taught", .taught(["on", "off"])),
            ]))
        #expect(
            messages.map(\.topic)
                == [
                    "binary_sensor/blip/yard-open", "sensor/blip/yard-thing",
                    "sensor/blip/yard-count",
                    "sensor/blip/yard-words", "sensor/blip/yard-taught",
                    "image/blip/yard-last_event",
                    "event/blip/yard-change", "switch/blip/yard-paused", "button/blip/yard-ask_now",
                ].map { "homeassistant/\($0)/config" })
        let binary = try json(messages[0])
        #expect(binary["payload_on"] as? String == "yes")
        #expect(binary["unique_id"] as? String == "blip_yard-open")
        #expect(binary["json_attributes_topic"] as? String == "blip/yard/sensor/open/attributes")
        #expect((binary["availability"] as? [[String: String]])?.count == 2)
        let choice = try json(messages[1])
        #expect(choice["options"] as? [String] == ["a", "b"])
        let number = try json(messages[2])
        #expect(number["state_class"] as? String == "measurement")
        let event = try json(messages[6])
        #expect(event["event_types"] as? [String] == ["open", "thing", "count", "words", "taught"])
        let devices = try messages.map { try json($0)["device"] as? [String: Any] }
        #expect(devices.allSatisfy { $0?["identifiers"] as? [String] == ["blip_yard"] })
        for message in messages { #expect(try !"\(json(message))".contains("hush")) }
    }

    @Test func namesThatLookAlikeHaveTheirOwnIds() {
        var watch = WatchConfiguration()
        watch.cameras = ["front", "front-door", "front_door"].map {
            .init(name: $0, source: "rtsp://host/x", kind: .stream)
        }
        watch.sensors = [
            ("door-open", "front"), ("open", "front-door"), ("door_open", "front"),
            ("opened", "front_door"),
        ].map { .init(name: $0.0, camera: $0.1, question: .yesNo("is it?")) }
        let messages = Discovery(
            prefix: "homeassistant", topics: MQTTTopics(root: "my house/1"), quality: 1
        ).messages(watch)
        #expect(Set(messages.map(\.topic)).count == messages.count)
        #expect(Set(messages.map(\.entity.uniqueId)).count == messages.count)
        // Home Assistant leaves out what has another sign there.
        #expect(messages.allSatisfy { $0.topic.contains("/my_house_1/") })
    }

    @Test func commands() {
        let topics = MQTTTopics(root: "a/b")
        #expect(topics.command("a/b/yard/paused/set")?.camera == "yard")
        #expect(topics.command("a/b/yard/ask")?.command == .ask)
        for topic in ["a/b", "a/b/", "a/b//", "x/yard/ask", "a/b/yard/asked", "a/b/yard/paused"] {
            #expect(topics.command(topic) == nil)
        }
    }

    @Test func idsTellEventsApart() throws {
        let (first, second) = (Made.event("yes"), Made.event("yes", second: 0.5))
        #expect(first.id != second.id && first.id == Made.event("no").id)
        #expect(try first.jsonLine().contains("\"id\":\"\(first.id)\""))
        let decoded = try JSONSerialization.jsonObject(with: Data(try first.jsonLine().utf8))
        #expect((decoded as? [String: Any])?["sensor"] as? String == "door")
    }
}
