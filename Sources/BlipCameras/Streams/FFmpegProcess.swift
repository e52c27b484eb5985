import BlipCommandSupport
import BlipPictures
import Foundation
import Subprocess
import Synchronization

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// One run of ffmpeg, from its start to its end.
struct FFmpegProcess {
    enum End: Sendable, Equatable {
        /// It ended by itself, without an error.
        case finished
        /// Nothing came for the camera's time-out, and it was ended.
        case stalled
        /// What it said last, without credentials.
        case failed(String)
    }

    let camera: CameraConfiguration

    /// Reads frames until the stream ends.
    ///
    /// - Parameter onFrame: called for each, in order; may wait, and ffmpeg waits with it.
    /// - Throws: ``StreamError`` where there is no ffmpeg; `CancellationError`.
    func run(
        onFrame: @escaping @Sendable (Picture) async -> Void
    ) async throws -> End {
        let command = FFmpegCommand(camera)
        let watchdog = Watchdog(timeout: camera.timeout)
        let lastWords = LastWords(secrets: camera.secrets)
        var platform = PlatformOptions()
        // A session has a process group of its own.
        platform.createSession = true
        platform.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
        ]
        BrokenPipes.areErrors()
        let result: TerminationStatus
        do {
            result = try await Subprocess.run(
                .name("ffmpeg"), arguments: Arguments(command.arguments),
                environment: .custom(Self.environment), platformOptions: platform,
                input: .inputWriter, output: .sequence, error: .sequence
            ) { execution in
                // Not `.string`: swift-subprocess 1.0 stops the whole program where that cannot be
                // written, which happens when the run is cancelled, or ffmpeg is gone, just after its
                // start.
                let writer = execution.standardInputWriter
                _ = try? await writer.write(command.input)
                try await writer.finish()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        await watchdog.wait()
                        guard watchdog.isStalled else { return }
                        try? execution.send(signal: .kill, toProcessGroup: true)
                    }
                    async let errors: Void = {
                        let lines = execution.standardError.strings(bufferingPolicy: .unbounded)
                        for try await line in lines { lastWords.add(line) }
                    }()
                    var parser = FrameParser()
                    do {
                        for try await buffer in execution.standardOutput {
                            let frames = try buffer.withUnsafeBytes { try parser.append($0) }
                            if !frames.isEmpty { watchdog.feed() }
                            for frame in frames {
                                await watchdog.pausing { await onFrame(frame) }
                            }
                        }
                    } catch {
                        try? execution.send(signal: .kill, toProcessGroup: true)
                        group.cancelAll()
                        throw error
                    }
                    // What it said last comes before its end.
                    try? await errors
                    group.cancelAll()
                }
            }.terminationStatus
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw StreamError("ffmpeg is not here; install it (apt install ffmpeg), 5.1 or newer")
        } catch let error as StreamError {
            return .failed(error.description)
        }
        try Task.checkCancellation()
        if watchdog.isStalled { return .stalled }
        switch result {
        case .exited(0): return .finished
        case .exited(let status):
            let words = lastWords.text ?? "ffmpeg ended with status \(status)"
            guard camera.kind == .v4l2 else { return .failed(words) }
            return .failed(DeviceTrouble.sentence(words, device: camera.source))
        case .signaled(let signal): return .failed("ffmpeg was ended by signal \(signal)")
        }
    }

    /// No variable of this program, which may have passwords, but what names and certificates need.
    private static let environment: [Subprocess.Environment.Key: String] = {
        let names = [
            "PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR",
            "http_proxy",
            "no_proxy",
        ]
        let own = ProcessInfo.processInfo.environment
        var environment: [Subprocess.Environment.Key: String] = [:]
        for name in names { environment[.init(stringLiteral: name)] = own[name] }
        return environment
    }()
}

extension WatchConfiguration {
    /// Whether streams or films are to be watched, and there is no ffmpeg that reads them.
    package var lacksFFmpeg: Bool {
        get async {
            guard cameras.contains(where: { $0.kind != .folder }) else { return false }
            return (try? await Executable.name("ffmpeg").resolveExecutablePath(in: .inherit)) == nil
        }
    }
}
