import BLIP
import Foundation
import Testing

@testable import BlipCameras

@Suite struct SensorTests {
    private let settings = EncodingSettings(imageSize: 112)

    @Test func aStateChangesWhenEnoughAnswersAgree() {
        var votes = StateVotes(agreeing: 2, of: 3)
        let answers = ["a", "a", "b", "a", "b", "b", "unknown", "b", "unknown", "unknown"]
        let told = answers.map { votes.add($0) }
        // b, a, b; and unknown, b, unknown.
        #expect(told == [false, true, false, false, true, false, false, false, true, false])
        #expect(votes.state == "unknown")
    }

    @Test func oneOfOneTellsEachChange() {
        var votes = StateVotes(agreeing: 1, of: 1)
        #expect(["a", "a", "b", "a"].map { votes.add($0) } == [true, false, true, true])
    }

    @Test func anAnswerInDoubtIsLookedAtAgain() {
        var votes = StateVotes(agreeing: 2, of: 3)
        #expect(!votes.isDoubtful)
        _ = votes.add("a")
        #expect(votes.isDoubtful)
        _ = votes.add("a")
        #expect(!votes.isDoubtful)
    }

    @Test(arguments: [
        ("is the door open?", SensorConfiguration.Question.yesNo("is the door open?")),
        ("How many cars are there?", .number("How many cars are there?")),
        ("what happened?", .answer("what happened?")),
    ])
    func theFirstWordTellsTheKind(text: String, question: SensorConfiguration.Question) throws {
        #expect(try SensorConfiguration.Question(ask: text, answers: nil) == question)
    }

    private func sample(_ state: String, _ index: Int) -> (state: String, vector: [Float]) {
        // Two features tell the states; the others are noise that is the same each time.
        let side: Float = state == "open" ? 1 : -1
        let noise = (0..<14).map { Float((index * 31 + $0 * 17) % 13) / 13 - 0.5 }
        return (state, [side * (1 + noise[0]), -side + noise[1]] + noise)
    }

    @Test func statesAreLearned() throws {
        let samples = (0..<20).map { sample($0.isMultiple(of: 2) ? "open" : "shut", $0) }
        let model = LogisticRegression(samples)
        #expect(model.classes == ["open", "shut"])
        for index in 100..<120 {
            let state = index.isMultiple(of: 2) ? "open" : "shut"
            let probabilities = try #require(model.probabilities(of: sample(state, index).vector))
            #expect(abs(probabilities.reduce(0, +) - 1) < 1e-4)
            #expect(probabilities[state == "open" ? 0 : 1] > 0.8)
        }
        #expect(CrossValidation.accuracy(samples) == 1)
        #expect(model.probabilities(of: [1]) == nil)
    }

    @Test func statesThatCannotBeToldScorePoorly() throws {
        let samples = (0..<20).map { index in
            (state: index % 4 < 2 ? "a" : "b", vector: sample("open", index / 4).vector)
        }
        let accuracy = try #require(CrossValidation.accuracy(samples))
        #expect(accuracy < 0.8)
        #expect(CrossValidation.accuracy([sample("open", 1), sample("shut", 2)]) == nil)
    }

    @Test func theSamePictureAgainCorrectsIt() {
        var sensor = TaughtSensor()
        let door = Self.door()
        let samples = (0..<6).map { index in
            let (state, vector) = sample(index < 3 ? "open" : "shut", index)
            return TaughtSensor.Sample(name: "\(index)", state: state, vector: vector)
        }
        sensor.add(samples, of: door)
        #expect(sensor.result().pictures == ["open": 3, "shut": 3])
        #expect(sensor.result().warning != nil)
        sensor.add([.init(name: "0", state: "shut", vector: samples[0].vector)], of: door)
        #expect(sensor.result().pictures == ["open": 2, "shut": 4])
        // Also twice at once.
        sensor.add(
            ["open", "shut"].map { .init(name: "1", state: $0, vector: samples[1].vector) },
            of: door)
        #expect(sensor.result().pictures == ["open": 1, "shut": 5])
    }

    private static func door(
        _ region: Region? = nil, states: [String] = ["open", "shut"]
    ) -> SensorConfiguration {
        var sensor = SensorConfiguration(
            name: "door", camera: "yard", question: .choice("how is the door?", answers: states))
        sensor.region = region
        return sensor
    }

    /// Vectors of another part of the frame tell nothing.
    @Test func whatWasTaughtOfAnotherRegionIsNotUsed() throws {
        let folder = try Made.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "watch.yaml")
        let left = Self.door(Region(x: 0, y: 0, width: 0.5, height: 1))
        let samples = ["open", "shut"].map {
            TaughtSensor.Sample(name: $0, state: $0, vector: [1, $0 == "open" ? 0 : 1])
        }
        var states = try TaughtStates(beside: file, model: "m", settings: settings)
        _ = try states.add(samples, to: left)
        // As another start reads it.
        states = try TaughtStates(beside: file, model: "m", settings: settings)
        var configuration = WatchConfiguration()
        for (sensor, isUsed) in [
            (left, true), (Self.door(), false), (Self.door(left.region, states: ["open"]), false),
            (Self.door(left.region, states: ["ajar", "open", "shut"]), true),
        ] {
            configuration.sensors = [sensor]
            #expect(states.fitting([sensor]).keys.contains("door") == isUsed)
            #expect(states.notices(configuration).count == (isUsed ? 0 : 1))
        }
        let result = try states.add([samples[0]], to: Self.door())
        #expect(result.pictures == ["open": 1])
        #expect(result.warning?.hasPrefix("2 pictures of another region") == true)
    }

    @Test func whatOthersTaughtMeanwhileStays() throws {
        let folder = try Made.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "watch.yaml")
        var watching = try TaughtStates(beside: file, model: "m", settings: settings)
        var other = try TaughtStates(beside: file, model: "m", settings: settings)
        _ = try other.add([.init(name: "1", state: "open", vector: [1])], to: Self.door())
        let result = try watching.add(
            [.init(name: "2", state: "shut", vector: [0])], to: Self.door())
        #expect(result.pictures == ["open": 1, "shut": 1])
    }

    @Test func whatAnOlderVersionWroteGoesOn() throws {
        let folder = try Made.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "watch.yaml")
        try Data(#"{"model":"m","sensors":{}}"#.utf8)
            .write(to: folder.appending(path: "watch.taught.json"))
        var states = try TaughtStates(beside: file, model: "m", settings: settings)
        _ = try states.add([.init(name: "1", state: "open", vector: [1])], to: Self.door())
        // From now on it is of these settings.
        #expect(throws: (any Error).self) {
            try TaughtStates(beside: file, model: "m", settings: .init(imageSize: 64))
        }
    }

    @Test func whatWasTaughtAndCannotBeReadIsNotWrittenOver() throws {
        let folder = try Made.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appending(path: "watch.taught.json"), withIntermediateDirectories: false)
        #expect(throws: (any Error).self) {
            try TaughtStates(
                beside: folder.appending(path: "watch.yaml"), model: "m", settings: settings)
        }
    }
}
