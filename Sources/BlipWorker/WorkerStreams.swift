import BlipCommandSupport
import BlipWireFormats
import Dispatch
import Foundation
import Synchronization

/// The streams that frames come and go by.
package struct WorkerStreams: Sendable {
    package let input: FrameInput
    package let output: FrameOutput

    /// Frames of other descriptors.
    package init(input: CInt, output: CInt) {
        self.input = FrameInput(input, output: output)
        self.output = FrameOutput(output)
    }

    /// Takes standard input and output for frames: what else the process reads is empty, and what it prints
    /// goes to standard error, so that no library can break a frame.
    ///
    /// - Throws: ``Failure`` where the system gives no descriptors.
    package static func takingStandardStreams() throws -> WorkerStreams {
        BrokenPipes.areErrors()
        let input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
        let output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard input >= 0, output >= 0, nothing >= 0, dup2(nothing, STDIN_FILENO) >= 0,
            dup2(STDERR_FILENO, STDOUT_FILENO) >= 0
        else {
            throw Failure(
                .unforeseen,
                "The worker cannot take standard input and output (\(String(cString: strerror(errno)))); "
                    + "raise the limit of open files.")
        }
        close(nothing)
        return WorkerStreams(input: input, output: output)
    }
}

/// Reads frames on a thread of its own, which may wait for them as long as it takes.
package final class FrameInput: Sendable {
    private let queue = DispatchQueue(label: "blip-worker-input")
    private let reader: Mutex<Reader>
    let limits = FrameLimits()

    /// Sendable, since only the input's queue uses it, one call after another.
    private struct Reader: @unchecked Sendable {
        let frames: FrameReader
    }

    init(_ descriptor: CInt, output: CInt) {
        let source = DescriptorSource(input: descriptor, output: output)
        reader = Mutex(
            Reader(frames: FrameReader(limits: limits) { try source.read($0) }))
    }

    func header() async throws -> FrameHeader? { try await run { try $0.header() } }

    func body(of header: FrameHeader) async throws -> Frame {
        try await run { try $0.body(of: header) }
    }

    private func run<Value: Sendable>(
        _ work: @escaping @Sendable (FrameReader) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result { try self.reader.withLock { try work($0.frames) } })
            }
        }
    }
}

/// The bytes of a pipe or file, until they end, or until nobody reads the answers.
private struct DescriptorSource {
    let input: CInt
    let output: CInt

    func read(_ maximum: Int) throws -> [UInt8] {
        while true {
            var events = [
                pollfd(fd: input, events: Int16(POLLIN), revents: 0),
                pollfd(fd: output, events: 0, revents: 0),
            ]
            if poll(&events, nfds_t(events.count), -1) < 0, errno != EINTR {
                throw Self.failure("waited for")
            }
            if events[1].revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0 {
                throw FrameOutput.gone
            }
            if events[0].revents == 0 { continue }
            var reading: Int = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: maximum) { buffer, count in
                reading = Foundation.read(input, buffer.baseAddress, buffer.count)
                count = max(0, reading)
            }
            if reading >= 0 { return bytes }
            guard errno == EINTR || errno == EAGAIN else { throw Self.failure("read") }
        }
    }

    private static func failure(_ verb: String) -> Failure {
        Failure(
            .usage,
            "Standard input cannot be \(verb) (\(String(cString: strerror(errno)))); give the worker a "
                + "pipe.")
    }
}

/// Writes frames on a thread of its own, since whoever reads them may be slow.
package final class FrameOutput: Sendable {
    private let queue = DispatchQueue(label: "blip-worker-output")
    private let descriptor: CInt

    init(_ descriptor: CInt) { self.descriptor = descriptor }

    /// - Throws: ``Failure`` where nobody reads any more, or the disk is full.
    package func write(_ record: some Encodable, payload: [UInt8] = []) async throws {
        try await write(Frame(json: Array(try Self.json(record)), payload: payload))
    }

    func write(_ frame: Frame) async throws {
        let bytes = frame.bytes
        let descriptor = descriptor
        try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Void, any Error>) in
            queue.async {
                continuation.resume(with: Result { try Self.write(bytes, to: descriptor) })
            }
        }
    }

    static func json(_ record: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(record)
    }

    private static func write(_ bytes: [UInt8], to descriptor: CInt) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var event = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&event, 1, -1)
            } else if errno != EINTR {
                throw gone
            }
        }
    }

    static var gone: Failure {
        Failure(
            .cannotWrite,
            "Standard output cannot be written to; is the program gone that reads the results?")
    }
}
