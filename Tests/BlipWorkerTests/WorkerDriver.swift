import BLIP
import BlipCommandSupport
import BlipDemoModel
import BlipWireFormats
import Foundation

@testable import BlipWorker

/// Drives a session over pipes, as a program drives `blip worker`.
struct WorkerDriver {
    typealias Object = [String: any Sendable]

    struct Answer: Sendable {
        let json: Object
        let payload: [UInt8]

        subscript(key: String) -> (any Sendable)? { json[key] }
        var id: Int? { json["id"] as? Int }
        var error: String { json["error"] as? String ?? "" }

        func list(_ key: String) -> [Object] { json[key] as? [Object] ?? [] }
    }

    struct Outcome: Sendable {
        let answers: [Answer]
        /// What ended the session, if not its input's end.
        let failure: Failure?

        var results: [Answer] { Array(answers.dropFirst()) }

        func answer(_ id: Int) -> Answer? { answers.first { $0.id == id } }
    }

    /// One for all tests.
    static let model = Result {
        try BlipModel(
            folder: DemoModel.folder, options: RuntimeOptions(device: "CPU", precision: .f32))
    }

    static let hello: Object = ["type": "hello", "version": 1, "order": "input"]
    static let samples = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Samples")
    static let dogs = samples.appending(path: "four-dogs.png")

    static func frame(_ object: Object, _ payload: [UInt8] = []) throws -> [UInt8] {
        Frame(
            json: [UInt8](try JSONSerialization.data(withJSONObject: object)), payload: payload
        ).bytes
    }

    /// Sends the greeting and the bytes, and ends.
    static func run(
        _ bytes: [UInt8], hello: Object = hello, queue: Int = 4
    ) async throws -> Outcome {
        try await runRaw(frame(hello) + bytes, queue: queue)
    }

    static func runRaw(_ bytes: [UInt8], queue: Int = 4) async throws -> Outcome {
        let requests = Pipe()
        let results = Pipe()
        let streams = WorkerStreams(
            input: requests.fileHandleForReading.fileDescriptor,
            output: results.fileHandleForWriting.fileDescriptor)
        let session = WorkerSession(
            model: try model.get(),
            configuration: WorkerConfiguration(
                name: "demo", version: "0", queue: queue, maximumPixels: 1_000_000),
            streams: streams)
        Thread.detachNewThread {
            // A session that ends early reads no further.
            try? requests.fileHandleForWriting.write(contentsOf: Data(bytes))
            try? requests.fileHandleForWriting.close()
        }
        let answers = Task.detached {
            let reading = results.fileHandleForReading
            let reader = FrameReader {
                [UInt8](try reading.read(upToCount: $0) ?? Data())
            }
            var answers: [Answer] = []
            while let frame = try reader.next() {
                let json = try JSONSerialization.jsonObject(with: Data(frame.json))
                answers.append(Answer(json: json as? Object ?? [:], payload: frame.payload))
            }
            return answers
        }
        var failure: Failure?
        do {
            try await session.run()
        } catch let error as Failure {
            failure = error
        }
        try results.fileHandleForWriting.close()
        try requests.fileHandleForReading.close()
        return Outcome(answers: try await answers.value, failure: failure)
    }
}
