import BlipCommandSupport
import BlipPictures
import BlipWireFormats
import Foundation
import Testing

@testable import BlipWorker

@Suite("The worker", .serialized)
struct WorkerSessionTests {
    private let dogs = WorkerDriver.dogs.path
    private let fourDogs = "four dogs on a yellow background"

    private func frame(
        _ object: WorkerDriver.Object, _ payload: [UInt8] = []
    ) throws -> [UInt8] {
        try WorkerDriver.frame(object, payload)
    }

    @Test func everyTask() async throws {
        let outcome = try await WorkerDriver.run(
            frame(["id": 1, "task": "caption", "path": dogs])
                + frame(
                    [
                        "id": 2, "task": "ask", "path": dogs,
                        "questions": ["how many dogs are there?", "what color is the background?"],
                    ])
                + frame(
                    [
                        "id": 3, "task": "ask", "path": dogs, "answers": ["2", "4"],
                        "questions": ["how many dogs are there?"],
                    ])
                + frame(["id": 4, "task": "match", "path": dogs, "texts": [fourDogs, "two cats"]])
                + frame(["id": 5, "task": "embed", "path": dogs, "texts": [fourDogs]])
                + frame(["id": 6, "task": "embed", "texts": [fourDogs]]))
        #expect(outcome.failure == nil)
        #expect(outcome.answers.first?["protocol"] as? String == "blip-worker")
        #expect(outcome.answers.first?["version"] as? Int == 1)
        #expect(outcome.results.compactMap(\.id) == [1, 2, 3, 4, 5, 6], "\(outcome.answers)")
        #expect(outcome.answer(1)?.list("captions").first?["caption"] as? String == fourDogs)
        let answers = try #require(outcome.answer(2)).list("answers")
        #expect(answers.compactMap { $0["answer"] as? String } == ["4", "yellow"])
        let ranked = try #require(outcome.answer(3)?.list("answers").first)
        #expect(ranked["answer"] as? String == "4")
        #expect((ranked["ranking"] as? [Any])?.count == 2)
        let matches = try #require(outcome.answer(4)).list("matches")
            .compactMap { ($0["match_probability"] as? NSNumber)?.doubleValue }
        #expect(matches.count == 2 && matches[0] > matches[1], "\(matches)")
        let both = try #require(outcome.answer(5))
        let text = try #require(outcome.answer(6))
        let width = try #require(both["width"] as? Int)
        #expect(both.payload.count == 2 * 4 * width)
        // The text's vector is the second of both.
        #expect(both.payload.suffix(4 * width) == text.payload[...])
    }

    @Test func picturesInEveryForm() async throws {
        let picture = try Picture(contentsOf: WorkerDriver.dogs)
        let pixels = picture.rgb
        let outcome = try await WorkerDriver.run(
            frame(["id": 1, "task": "caption"], [UInt8](Data(contentsOf: WorkerDriver.dogs)))
                + frame(
                    [
                        "id": 2, "task": "caption",
                        "pixels": ["width": picture.width, "height": picture.height],
                    ], pixels))
        let captions = outcome.results.map { $0.list("captions").first?["caption"] as? String }
        #expect(captions == [fourDogs, fourDogs], "\(outcome.answers)")
    }

    @Test func whatIsWrongWithOneRequestIsItsResult() async throws {
        let outcome = try await WorkerDriver.run(
            frame(["id": 1, "task": "caption", "path": "/nowhere.png"])
                + frame(["id": 2, "task": "caption", "name": "row 7"], [1, 2, 3])
                + frame(["id": 3, "task": "caption"])
                + frame(["id": 4, "task": "dance", "path": dogs])
                + frame(["id": 5, "task": "ask", "path": dogs])
                + frame(["id": 6, "task": "caption", "path": dogs, "options": ["beams": -1]])
                + frame(["id": 7, "task": "caption", "pixels": ["width": 9, "height": 9]], [1])
                + frame(["id": 8, "task": "caption", "path": dogs], [1])
                + frame(["id": 9, "task": "caption", "path": dogs]))
        #expect(outcome.failure == nil)
        #expect(outcome.results.compactMap(\.id) == Array(1...9))
        for (id, code, words) in [
            (1, "missingFile", "nowhere.png"), (2, "unknownFormat", "row 7"),
            (3, "invalidRequest", "no picture"),
            (4, "invalidRequest", "task: \"dance\" is none of caption, ask"),
            (5, "invalidRequest", "questions"), (6, "invalidOption", "beams"),
            (7, "damaged", "9 × 9"), (8, "invalidRequest", "more than one picture"),
        ] {
            let answer = try #require(outcome.answer(id))
            #expect(answer["code"] as? String == code, "\(answer)")
            #expect(answer.error.contains(words), "\(answer)")
        }
        #expect(outcome.answer(9)?.error == "")
    }

    /// What came whole is answered; then a sentence ends the session.
    @Test(arguments: [
        (Array("GET / HTTP/1.1\r\n\r\n".utf8), "bytes of JSON"),
        ([0, 0, 0, 2, 255, 255, 255, 255, 123, 125], "4294967295 bytes behind its JSON"),
        ([0, 0, 0, 9, 0, 0], "in the middle of one"),
        ([0, 0, 0, 2, 0, 0, 0, 0, 123], "in the middle of one"),
        ([0, 0, 0, 2, 0, 0, 0, 0, 123, 125], "id is missing"),
        ([0, 0, 0, 2, 0, 0, 0, 0, 255, 254], "cannot be read"),
    ])
    func framesThatAreNone(_ bytes: [UInt8], words: String) async throws {
        let outcome = try await WorkerDriver.run(
            frame(["id": 1, "task": "caption", "path": dogs]) + bytes)
        #expect(outcome.results.compactMap(\.id) == [1])
        #expect(outcome.failure?.status == .usage)
        #expect(outcome.failure?.description.contains(words) == true, "\(outcome.failure as Any)")
    }

    @Test func greetings() async throws {
        let silent = try await WorkerDriver.runRaw([])
        #expect(silent.failure == nil && silent.answers.isEmpty)
        for hello in [["type": "hello", "version": 2], ["type": "task", "version": 1]]
            as [WorkerDriver.Object]
        {
            let outcome = try await WorkerDriver.run([], hello: hello)
            #expect(outcome.failure?.description.contains("speaks version 1") == true)
        }
        let prepared = try await WorkerDriver.run(
            [], hello: ["type": "hello", "version": 1, "prepare": ["caption", "embed"]])
        #expect(prepared.answers.count == 1 && prepared.failure == nil)
        #expect(prepared.answers.first?["order"] as? String == "finish")
    }

    /// Else batches of many processors would not be full.
    @Test func threeBatchesAreTaken() {
        #expect(WorkerConfiguration.defaultQueue(batchSize: 1) == 24)
        #expect(WorkerConfiguration.defaultQueue(batchSize: 64) == 192)
    }

    /// More requests than places, of all sizes, in both orders.
    @Test(arguments: ["input", "finish"]) func manyRequests(order: String) async throws {
        let bytes = [UInt8](try Data(contentsOf: WorkerDriver.dogs))
        var requests: [UInt8] = []
        for id in 0..<20 {
            requests +=
                id.isMultiple(of: 3)
                ? try frame(["id": id, "task": "caption"], [7])
                : try frame(["id": id, "task": "caption"], bytes)
        }
        let outcome = try await WorkerDriver.run(
            requests, hello: ["type": "hello", "version": 1, "order": order], queue: 3)
        let ids = outcome.results.compactMap(\.id)
        #expect(ids.sorted() == Array(0..<20))
        if order == "input" { #expect(ids == Array(0..<20)) }
        #expect(outcome.results.count { $0["type"] as? String == "error" } == 7)
    }

    /// Results that can no longer be written give no places back, and so nobody may wait for one.
    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")), .timeLimit(.minutes(1)))
    func nobodyWaitsForAPlaceOnceResultsCannotBeWritten() async throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(full >= 0)
        defer { close(full) }
        let window = WorkerWindow(places: 1, budget: 1)
        let writer = ResultWriter(FrameOutput(full), order: .finish, window: window)
        await window.enter(bytes: 0)
        await #expect(throws: Failure.self) { try await writer.add(Frame(json: [1]), at: 0) }
        await window.enter(bytes: 0)
    }
}
