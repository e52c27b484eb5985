import BlipPictures
import Foundation
import Subprocess
import Synchronization
import Testing

@testable import BlipCameras

@Suite struct StreamTests {
    private func camera(_ source: String) throws -> CameraConfiguration {
        try CameraConfiguration(
            name: "c", source: source, kind: nil, folder: URL(filePath: "/"))
    }

    @Test func credentialsAreInNoArgument() throws {
        let command = FFmpegCommand(try camera("rtsp://anna:s3cret@host/film?token=t0ken"))
        #expect(!command.arguments.joined().contains("s3cret"))
        #expect(!command.arguments.joined().contains("t0ken"))
        #expect(command.input.contains("file 'rtsp://anna:s3cret@host/film?token=t0ken'"))
        #expect(command.input.contains("rtsp_transport tcp"))
    }

    @Test func aQuoteInAnAddressDoesNotEndIt() throws {
        let command = FFmpegCommand(try camera("http://host/a'b"))
        #expect(command.input.contains("file 'http://host/a'\\''b'"))
        #expect(throws: ConfigurationComplaint.self) { try camera("http://host/a\nfile 'x'") }
    }

    @Test func udpIsAskedFor() throws {
        var camera = try camera("rtsp://host/film")
        camera.usesUDP = true
        #expect(FFmpegCommand(camera).input.contains("\noption rtsp_transport udp\n"))
    }

    @Test func devicesAreReadByVideo4Linux() throws {
        let command = FFmpegCommand(try camera("/dev/video7"))
        let input = try #require(command.arguments.firstIndex(of: "-i"))
        #expect(
            command.arguments[(input - 2)...(input + 1)] == ["-f", "v4l2", "-i", "/dev/video7"])
        #expect(command.input.isEmpty)
    }

    @Test func aDeviceThatIsNotThereIsNamed() async throws {
        let run = FFmpegProcess(camera: try camera("/dev/video987"))
        guard case .failed(let words) = try await run.run(onFrame: { _ in }) else {
            Issue.record("A device that is not there gave frames.")
            return
        }
        #expect(words.hasPrefix("/dev/video987 is not there; plug"), "\(words)")
    }

    @Test func aDeviceThatIsNoCameraIsNamed() async throws {
        let device = CameraConfiguration(name: "c", source: "/dev/null", kind: .v4l2)
        guard
            case .failed(let words) = try await FFmpegProcess(camera: device).run(onFrame: { _ in })
        else {
            Issue.record("A device that is no camera gave frames.")
            return
        }
        #expect(words.hasPrefix("/dev/null is no camera;"), "\(words)")
    }

    @Test(arguments: [
        // As ffmpeg 5.1 says it.
        ("/dev/video0: Permission denied", "/dev/video0 may not be opened; add the user"),
        ("/dev/video0: Device or resource busy", "/dev/video0 is in use by another program"),
        ("/dev/video0: No such device or address", "/dev/video0 is not there"),
        ("/dev/video0: Input/output error", "/dev/video0: Input/output error"),
    ])
    func troublesOfDevicesTellWhatToDo(words: String, sentence: String) {
        #expect(
            DeviceTrouble.sentence(words, device: "/dev/video0").hasPrefix(sentence))
    }

    /// Of 20 frames 2 are whole by themselves: with `fps` each stands for 10.
    @Test(arguments: [false, true])
    func keyFramesAreAllThatIsDecoded(only: Bool) async throws {
        let film = FileManager.default.temporaryDirectory.appending(
            path: "keys-\(UUID().uuidString).mp4")
        defer { try? FileManager.default.removeItem(at: film) }
        _ = try await Subprocess.run(
            .name("ffmpeg"),
            arguments: [
                "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=64x64:rate=5",
                "-frames:v", "20", "-c:v", "libx264", "-g", "10", "-sc_threshold", "0", film.path,
            ], output: .discarded, error: .discarded)
        var camera = try camera(film.path)
        camera.isFast = true
        camera.decodesKeyFramesOnly = only
        let pictures = Mutex<Set<[UInt8]>>([])
        let end = try await FFmpegProcess(camera: camera).run { frame in
            pictures.withLock { _ = $0.insert(frame.rgb) }
        }
        #expect(end == .finished)
        #expect(pictures.withLock { $0.count } == (only ? 2 : 20))
    }

    @Test func lastWordsHaveNoCredentials() throws {
        let words = LastWords(
            secrets: try camera("rtsp://anna:s3cret@host/film?token=t0ken").secrets)
        words.add(
            "rtsp://anna:s3cret@host/film?token=t0ken: 401, wrong s3cret, http://other:pw@elsewhere/"
        )
        let text = try #require(words.text)
        for secret in ["s3cret", "t0ken", "anna", "pw@"] { #expect(!text.contains(secret)) }
        #expect(text.contains("401"))
        words.add("cannot open rtsp://bob:p@ss@elsewhere/x")
        #expect(words.text == "cannot open rtsp://elsewhere/x")
    }

    @Test(arguments: [
        ("http://h/snap.jpg", CameraConfiguration.Kind.snapshot), ("http://h/mjpeg", .stream),
        ("https://h/a.PNG?x=1", .snapshot), ("rtsp://h/a.jpg", .stream), ("/dev/video7", .v4l2),
        ("/dev/v4l/by-id/usb-Cam-video-index0", .v4l2),
        ("/tmp", .folder),
    ])
    func kindsAreToldByNames(source: String, kind: CameraConfiguration.Kind) throws {
        #expect(try camera(source).kind == kind)
    }

    /// A run may be cancelled while ffmpeg is just being started, and ffmpeg may be gone before it
    /// reads: neither ends this program.
    @Test(.timeLimit(.minutes(2)))
    func runsEndWheneverTheyAreCancelled() async throws {
        let camera = try camera("http://127.0.0.1:9/film.mjpeg")
        for microseconds in stride(from: 0, to: 20_000, by: 500) {
            let run = Task { try await FFmpegProcess(camera: camera).run { _ in } }
            try await Task.sleep(for: .microseconds(microseconds))
            run.cancel()
            _ = try? await run.value
        }
        let end = try await FFmpegProcess(camera: camera).run { _ in }
        guard case .failed(let words) = end else {
            Issue.record("A refused connection ended as \(end).")
            return
        }
        #expect(words.contains("refused"))
    }

    @Test func relativePathsBeginAtTheFolder() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "source-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appending(path: "frames"), withIntermediateDirectories: true)
        for hint in [URL.DirectoryHint.isDirectory, .notDirectory] {
            let camera = try CameraConfiguration(
                name: "c", source: "frames", kind: nil,
                folder: URL(filePath: folder.path, directoryHint: hint))
            #expect(camera.kind == .folder)
        }
    }

    private func ppm(_ width: Int, _ height: Int, _ value: UInt8) -> [UInt8] {
        Array("P6\n\(width) \(height)\n255\n".utf8)
            + [UInt8](repeating: value, count: width * height * 3)
    }

    @Test(arguments: [1, 2, 7, 64, 100_000])
    func framesAreCutWhereverBytesEnd(chunk: Int) throws {
        let stream = ppm(4, 3, 10) + ppm(1, 1, 20) + ppm(5, 2, 30) + ppm(2, 2, 40).dropLast()
        var parser = FrameParser()
        var frames: [Picture] = []
        for start in stride(from: 0, to: stream.count, by: chunk) {
            frames += try Array(stream[start..<min(start + chunk, stream.count)])
                .withUnsafeBytes { try parser.append($0) }
        }
        #expect(frames.map(\.width) == [4, 1, 5])
        #expect(frames.map { $0.rgb[0] } == [10, 20, 30])
    }

    @Test(arguments: [
        "P5\n1 1\n255\n", "P6\n0 1\n255\n", "P6\n-1 1\n255\n", "P6\n99999999999 9\n255\n",
        "P6\n100000 100000\n255\n", "P6\n1 1\n65535\n", "P6\n1\n1\n",
        String(repeating: "x", count: 100),
        "\n\n\n", "P6\n1 1 1\n255\n",
    ])
    func whatIsNoFrameIsRefused(header: String) {
        var parser = FrameParser()
        #expect(throws: StreamError.self) {
            try Array(header.utf8).withUnsafeBytes { _ = try parser.append($0) }
        }
    }

    private func frame(_ value: UInt8) throws -> Frame {
        Frame(
            picture: try Picture(width: 1, height: 1, rgb: [value, 0, 0]), time: Date(),
            position: .zero, arrival: .now)
    }

    @Test func theNewestFrameTakesTheOthersPlace() async throws {
        let latest = LatestFrame()
        for value in 0..<5 { latest.put(try frame(UInt8(value))) }
        #expect(await latest.next()?.picture.rgb[0] == 4)
        async let next = latest.next()
        latest.put(try frame(9))
        #expect(await next?.picture.rgb[0] == 9)
        latest.finish()
        #expect(await latest.next() == nil)
    }

    @Test func waitingForAFrameEndsWithItsTask() async throws {
        let latest = LatestFrame()
        let waiting = Task { await latest.next() }
        waiting.cancel()
        #expect(await waiting.value == nil)
        let unread = LatestFrame()
        unread.put(try frame(0))
        let giving = Task { await unread.waitUntilTaken() }
        giving.cancel()
        await giving.value
    }

    @Test func aWatchdogBarksOnceNothingComes() async {
        let watchdog = Watchdog(timeout: .milliseconds(20))
        await watchdog.wait()
        #expect(watchdog.isStalled)
    }
}
