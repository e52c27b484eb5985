package import BLIP
import BlipCommandSupport
import BlipPictures
import BlipWireFormats
import Foundation

/// What a worker is told by its command line.
package struct WorkerConfiguration: Sendable {
    /// Of the model.
    package var name: String
    /// Of the program.
    package var version: String
    /// Requests that are taken before the first of them is answered.
    package var queue: Int
    /// The most pixels of a picture that is decoded whole.
    package var maximumPixels: Int

    package init(name: String, version: String, queue: Int, maximumPixels: Int) {
        self.name = name
        self.version = version
        self.queue = queue
        self.maximumPixels = maximumPixels
    }

    /// Three batches: one runs, one waits and one is read.
    ///
    /// - Parameter batchSize: the model's.
    package static func defaultQueue(batchSize: Int) -> Int { 3 * max(8, batchSize) }
}

/// One conversation with whoever drives the worker, from the greeting to the end of its frames.
package struct WorkerSession {
    /// Raised when a driver of the version before could no longer be understood.
    package static let protocolVersion = 1

    private let model: BlipModel
    private let configuration: WorkerConfiguration
    private let streams: WorkerStreams

    package init(model: BlipModel, configuration: WorkerConfiguration, streams: WorkerStreams) {
        self.model = model
        self.configuration = configuration
        self.streams = streams
    }

    /// Answers requests until there are no more.
    ///
    /// - Throws: ``Failure`` for frames that cannot be understood, after what came before them was answered.
    package func run() async throws {
        guard let order = try await greet() else { return }
        var options = await model.pictureOptions
        options.maximumPixels = configuration.maximumPixels
        // Pictures are any data's; those that shrink take the time of all their pixels.
        let runner = RequestRunner(model: model, options: options, decoding: DecodingPlaces())
        let window = WorkerWindow(places: configuration.queue, budget: Self.undecodedBytes)
        let writer = ResultWriter(streams.output, order: order, window: window)
        var problem: (any Error)?
        try await withThrowingDiscardingTaskGroup { group in
            var place = 0
            do {
                while let header = try await streams.input.header() {
                    try Task.checkCancellation()
                    await window.enter(bytes: header.payloadLength)
                    let frame = try await streams.input.body(of: header)
                    let id = try Self.id(of: frame)
                    group.addTask { [place] in
                        try await writer.add(
                            await Self.answer(frame, id: id, runner, window), at: place)
                    }
                    place += 1
                }
            } catch let error as Failure where error.status == .cannotWrite {
                throw error
            } catch {
                problem = error
            }
        }
        if let problem { throw Self.failure(problem) }
    }

    /// Pictures' bytes that wait to be decoded.
    private static let undecodedBytes = 256 << 20

    /// - Returns: the order that results are to come in; `nil` where nobody greeted.
    private func greet() async throws -> ResultOrder? {
        do {
            guard let header = try await streams.input.header() else { return nil }
            let frame = try await streams.input.body(of: header)
            let greeting = try Self.decode(WorkerGreeting.self, frame)
            guard greeting.type == "hello", greeting.version == Self.protocolVersion else {
                throw WorkerProblem(
                    "The first frame is of type \"\(greeting.type.prefix(40))\" and version "
                        + "\(greeting.version), and this worker speaks version \(Self.protocolVersion); send a "
                        + "hello of that version, or use the same version of both programs")
            }
            if let tasks = greeting.prepare {
                try await model.prepare(for: Set(tasks.map(\.modelTask)))
            }
            let order = greeting.order ?? .finish
            try await streams.output.write(
                HelloRecord(
                    program: configuration.version, model: configuration.name,
                    tasks: WorkerTask.allCases.filter { model.tasks.contains($0.modelTask) },
                    order: order, queue: configuration.queue,
                    maxJsonBytes: streams.input.limits.json,
                    maxPayloadBytes: streams.input.limits.payload))
            return order
        } catch {
            throw Self.failure(error)
        }
    }

    private static func answer(
        _ frame: Frame, id: Int, _ runner: RequestRunner, _ window: WorkerWindow
    ) async -> Frame {
        let release: @Sendable () async -> Void = {
            await window.release(bytes: frame.payload.count)
        }
        let request: WorkerRequest
        do {
            request = try decode(WorkerRequest.self, frame)
        } catch {
            await release()
            return errorFrame(ErrorRecord(id: id, error))
        }
        do {
            let answer = try await runner.answer(
                request, payload: frame.payload, decoded: release)
            return Frame(
                json: Array(try FrameOutput.json(answer.record)), payload: answer.payload)
        } catch {
            return errorFrame(ErrorRecord(id: id, error))
        }
    }

    private static func errorFrame(_ record: ErrorRecord) -> Frame {
        // A number and two texts can always be written.
        Frame(json: Array((try? FrameOutput.json(record)) ?? Data("{}".utf8)))
    }

    /// The number that the answer is to have.
    private static func id(of frame: Frame) throws -> Int {
        try decode(WorkerRequestID.self, frame).id
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type, _ frame: Frame
    ) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(frame.json))
        } catch let error as DecodingError {
            throw WorkerProblem(error.sentence)
        }
    }

    /// What ends the conversation, in the program's terms where it is this protocol's.
    private static func failure(_ error: any Error) -> any Error {
        switch error {
        case let error as WireFormatError: Failure(.usage, error.message + ".")
        case let error as WorkerProblem: Failure(.usage, error.message + ".")
        default: error
        }
    }
}

extension ErrorRecord {
    init(id: Int, _ error: any Error) {
        switch error {
        case let error as PictureError:
            self.init(id: id, code: error.code.rawValue, error: error.message)
        case let error as BlipError:
            self.init(id: id, code: error.code.rawValue, error: error.message)
        case let error as WorkerProblem:
            self.init(id: id, code: "invalidRequest", error: error.message)
        case is CancellationError:
            self.init(id: id, code: "cancelled", error: "The worker was told to end")
        default: self.init(id: id, code: "failed", error: "\(error)")
        }
    }
}
