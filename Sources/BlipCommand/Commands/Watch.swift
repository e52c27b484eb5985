import ArgumentParser
import BLIP
import BlipCameras
import BlipCommandSupport
import BlipPictures
import Foundation
import Logging
import ServiceLifecycle

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch cameras, and tell when the answer to a standing question changes.",
        discussion: """
            Prints an event a line, as JSON. SOURCE is an rtsp:// or http:// address, /dev/video0, a video \
            file, a folder of pictures, or a .yaml file that names cameras, sensors and where events go. \
            ffmpeg reads the streams. SIGHUP has the file read again.

            EXAMPLES
              blip watch rtsp://192.168.1.20/stream --ask "is the door open?" --every 2s
              blip watch /dev/video0 --ask "what is on the table?" --answers nothing,cup,laptop
              blip watch film.mp4 --fast --region 0.5,0,0.5,1 --preview region.jpg
              blip watch house.yaml --check
              blip watch house.yaml
              blip watch teach door_open yes open/*.jpg --config house.yaml
              blip watch --schema > watch.schema.json
            """)

    @Argument(help: "A camera, a film, a folder, or a configuration (.yaml).", completion: .file())
    var source: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "A standing question; may be given several times.", valueName: "question"))
    var ask: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Choose among these answers.", valueName: "a,b,c"))
    var answers: String?

    @Option(
        help: ArgumentHelp("A text that may fit; may be given several times.", valueName: "text"))
    var match: [String] = []

    @Option(
        help: ArgumentHelp(
            "The least time between two looks, such as 500ms or 2s; 1s.", valueName: "time"))
    var every: String?

    @Flag(help: "Look whenever something moves, and only then.")
    var onMotion = false

    @Option(
        help: ArgumentHelp(
            "What is looked at, as shares of the frame from 0 to 1: x,y,width,height, or x,y of three corners "
                + "or more.", valueName: "x,y,w,h"))
    var region: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The least probability that counts; below it the state is unknown. 0.6 if not given, for numbers "
                + "0.5, for free answers 0.3.", valueName: "p"))
    var threshold: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Frames a second that are looked at; 5 if not given, of snapshots 1.", valueName: "n"))
    var rate: Double?

    @Flag(help: "Read a film or a folder as fast as can be, for trials.")
    var fast = false

    @Flag(help: "Check the configuration, and end.")
    var check = false

    @Option(
        help: ArgumentHelp(
            "Draw the regions on a frame, into a .jpg, .png or .webp file, and end.",
            discussion: "For several cameras, an existing folder.", valueName: "file"),
        completion: .file())
    var preview: String?

    @Flag(
        help: "Print the JSON schema of configurations, by which editors complete and check them.")
    var schema = false

    @Option(help: "What log lines on standard error are: text, or a JSON object each.")
    var logFormat = OperationArguments.LogFormat.text

    @OptionGroup(title: "Model") var model: ModelArguments

    func validate() throws {
        if source == nil, !schema {
            throw ValidationError("Give a camera or a configuration to watch.")
        }
        if let source, Self.configurationFile(source) != nil {
            let given = [
                ("--ask", !ask.isEmpty), ("--answers", answers != nil), ("--match", !match.isEmpty),
                ("--every", every != nil), ("--on-motion", onMotion), ("--region", region != nil),
                ("--threshold", threshold != nil), ("--rate", rate != nil), ("--fast", fast),
            ].filter(\.1).map(\.0)
            guard given.isEmpty else {
                throw ValidationError(
                    "\(given.joined(separator: ", ")): a configuration has its own; write it in \(source), or "
                        + "name a camera.")
            }
        }
        if let threshold, !(0...1).contains(threshold) {
            throw ValidationError("--threshold wants a number from 0 to 1, not \(threshold).")
        }
        if let rate, !(0.01...60).contains(rate) {
            throw ValidationError("--rate wants a number from 0.01 to 60, not \(rate).")
        }
    }

    func run() async throws {
        try await reportingFailures {
            guard let source, !schema else {
                return try Terminal.print(ConfigurationSchema.text())
            }
            let file = Self.configurationFile(source)
            let configuration = try file.map(Self.read) ?? singleCamera(source)
            if let preview { return try await drawPreview(of: configuration, to: preview) }
            let chosen = try await ChosenModel(
                model.model ?? configuration.model, for: configuration.tasks)
            var opened = try OpenedModel(chosen.location, options: model.runtimeOptions)
            try Self.check(configuration, with: opened.model)
            try await Self.checkFFmpeg(for: configuration)
            let taught = try Self.taught(file, chosen, model.runtimeOptions)
            if check { return try tellChecked(configuration) }
            try await opened.prepare(for: configuration.tasks)
            try await watch(configuration, file, opened.model, chosen, taught)
        }
    }

    private func watch(
        _ configuration: WatchConfiguration, _ file: URL?, _ blip: BlipModel, _ chosen: ChosenModel,
        _ taught: TaughtStates?
    ) async throws {
        let logger = logger
        let watch = CameraWatch(configuration, model: blip, taught: taught, logger: logger)
        let output = StandardOutputSink()
        await watch.add(
            [output] + EventSinks.sinks(for: configuration, control: watch, logger: logger))
        let options = model.runtimeOptions
        // One after another: of two at once the older file could win.
        let (hangups, hangup) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let hangupSignal = HangupSignal { hangup.yield() }
        defer { withExtendedLifetime(hangupSignal) {} }
        let reloading = Task {
            for await _ in hangups {
                guard let file else { continue }
                do {
                    let new = try Self.read(file)
                    try Self.check(new, with: blip)
                    try await blip.prepare(for: new.tasks)
                    await watch.reload(new, taught: try Self.taught(file, chosen, options))
                    logger.info("read the configuration again")
                } catch {
                    logger.error(
                        "went on with the old configuration: \(Failure(error).description)")
                }
            }
        }
        defer { reloading.cancel() }
        let secondSignal = SecondSignal()
        defer { withExtendedLifetime(secondSignal) {} }
        var group = ServiceGroupConfiguration(
            services: [
                .init(
                    service: WatchService(watch: watch, output: output),
                    successTerminationBehavior: .gracefullyShutdownGroup)
            ], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "blip") { _ in SwiftLogNoOpLogHandler() })
        group.maximumGracefulShutdownDuration = .seconds(20)
        try await ServiceGroup(configuration: group).run()
        await tellCounts(watch)
        if let failure = output.failure { throw failure }
        // Films and folders that gave nothing were told of.
        let unread = Set(
            configuration.cameras.filter { $0.kind == .file || $0.kind == .folder }.map(\.name))
        if await watch.cameras().contains(where: { $0.reason != nil && unread.contains($0.name) }) {
            throw Failure.someFailedQuietly
        }
    }

    private var logger: Logger {
        Logger(label: "blip") { label in
            switch logFormat {
            case .text: StreamLogHandler.standardError(label: label)
            case .json: JSONLogHandler()
            }
        }
    }

    private func tellCounts(_ watch: CameraWatch) async {
        for sensor in await watch.sensors() {
            Terminal.note(
                "\(sensor.name): \(sensor.asked) answers, \(sensor.gatedByChange) looks without a change, "
                    + "\(sensor.gatedByEmbedding) that the model saw no change in")
        }
    }

    // MARK: Configurations

    private static func configurationFile(_ source: String) -> URL? {
        let file = URL(filePath: source)
        return ["yaml", "yml"].contains(file.pathExtension.lowercased()) && !source.contains("://")
            ? file : nil
    }

    static func read(_ file: URL) throws -> WatchConfiguration {
        do {
            return try WatchConfiguration(contentsOf: file)
        } catch {
            throw failure(error)
        }
    }

    static func check(_ configuration: WatchConfiguration, with model: BlipModel) throws {
        do {
            try configuration.check(with: model)
        } catch {
            throw failure(error)
        }
    }

    static func checkFFmpeg(for configuration: WatchConfiguration) async throws {
        guard await configuration.lacksFFmpeg else { return }
        throw Failure(
            .missingRuntime,
            "ffmpeg, which reads streams and films, is not here; install it (apt install ffmpeg), 5.1 or newer."
        )
    }

    private static func failure(_ problems: ConfigurationProblems) -> Failure {
        Failure(.usage, problems.sentences.joined(separator: "\nblip: "))
    }

    static func taught(
        _ file: URL?, _ chosen: ChosenModel, _ options: RuntimeOptions
    ) throws -> TaughtStates? {
        guard let file else { return nil }
        let files = ModelFiles(at: chosen.location, modelCache: options.modelCache)
        return try TaughtStates(beside: file, model: files.fingerprint())
    }

    private func tellChecked(_ configuration: WatchConfiguration) throws {
        let name = configuration.file?.lastPathComponent ?? "The camera"
        let cameras = configuration.cameras.count
        let sensors = configuration.sensors.count
        try Terminal.print(
            "\(name): \(cameras) \(cameras == 1 ? "camera" : "cameras"), \(sensors) "
                + "\(sensors == 1 ? "sensor" : "sensors"); all is well")
    }

    private func singleCamera(_ source: String) throws -> WatchConfiguration {
        var configuration = WatchConfiguration()
        var camera: CameraConfiguration
        do {
            camera = try CameraConfiguration(
                name: "camera", source: source, kind: nil,
                folder: URL(
                    filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
            )
        } catch {
            throw Failure(.usage, "The source \(error.description)")
        }
        camera.isFast = fast
        camera.rate = rate ?? camera.rate
        configuration.cameras = [camera]
        configuration.sensors = try questions().map { name, question in
            var sensor = SensorConfiguration(name: name, camera: camera.name, question: question)
            if let every {
                guard let known = Duration(written: every) else {
                    throw Failure(
                        .usage, "--every wants a time such as 500ms, 2s or 1m, not \(every).")
                }
                sensor.every = known
            }
            sensor.onMotion = onMotion
            sensor.threshold = threshold ?? sensor.threshold
            if let region {
                guard let known = Region(written: region) else {
                    throw Failure(
                        .usage,
                        "--region wants x,y,width,height or x,y of three corners or more, as shares from 0 "
                            + "to 1, not \(region).")
                }
                sensor.region = known
            }
            return sensor
        }
        return configuration
    }

    /// Named by their words.
    private func questions() throws -> [(String, SensorConfiguration.Question)] {
        let list = answers?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        var questions: [(String, SensorConfiguration.Question)] = []
        for text in ask {
            do {
                questions.append((Self.name(for: text), try .init(ask: text, answers: list)))
            } catch {
                throw Failure(.usage, "The question \"\(text)\"\(error.description)")
            }
        }
        if ask.isEmpty, list != nil {
            throw Failure(.usage, "--answers belong to a question; give --ask.")
        }
        if !match.isEmpty {
            questions.append(("match", .match(match.map { .init(state: $0, text: $0) })))
        }
        guard Set(ask).count == ask.count, Set(match).count == match.count else {
            throw Failure(.usage, "The same is asked twice; ask it once.")
        }
        // Other questions may have the same first words, or none in ASCII.
        var taken: Set<String> = []
        for index in questions.indices {
            let name = questions[index].0
            var number = 1
            while !taken.insert(questions[index].0).inserted {
                number += 1
                questions[index].0 = "\(name)_\(number)"
            }
        }
        return questions.isEmpty ? [("caption", .caption(prompt: ""))] : questions
    }

    private static func name(for question: String) -> String {
        let words = question.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        return words.isEmpty ? "question" : String(words.joined(separator: "_").prefix(60))
    }

    /// Refuses to draw over what a camera reads: a file, or a folder's picture.
    private static func check(_ place: URL, isNoneOf cameras: [CameraConfiguration]) throws {
        var inputs: [URL] = []
        for camera in cameras where camera.kind == .file || camera.kind == .folder {
            let source = URL(filePath: camera.source)
            inputs.append(source)
            guard camera.kind == .folder else { continue }
            let names = try? FileManager.default.contentsOfDirectory(atPath: source.path)
            inputs += (names ?? []).map { source.appending(path: $0) }
        }
        var files = OutputFiles(reading: inputs)
        try files.add(place, option: "--preview")
    }

    private func drawPreview(of configuration: WatchConfiguration, to target: String) async throws {
        try OutputFiles.checkName(target, option: "--preview")
        let isFolder = FileManager.default.isFolder(target)
        guard configuration.cameras.count == 1 || isFolder else {
            throw Failure(
                .usage,
                "--preview \(target): there are \(configuration.cameras.count) cameras, so give an existing "
                    + "folder.")
        }
        for camera in configuration.cameras {
            let file = URL(filePath: target)
            let place = isFolder ? file.appending(path: "\(camera.name).jpg") : file
            try Picture.checkWritable(to: place)
            try Self.check(place, isNoneOf: configuration.cameras)
            let frame: Picture
            do {
                frame = try await Preview.frame(of: camera)
            } catch let error as StreamError {
                throw Failure(.missingRuntime, "\(error.description).")
            }
            try Preview.figure(frame, of: configuration.sensors(of: camera.name)).write(to: place)
            Terminal.note("Drew \(place.path)")
        }
    }
}

/// Watches until it is told to end.
private struct WatchService: Service {
    let watch: CameraWatch
    let output: StandardOutputSink

    func run() async throws {
        ServiceNotice.ready()
        await withTaskGroup { group in
            group.addTask { await cancelWhenGracefulShutdown { await watch.run() } }
            group.addTask {
                await output.waitForFailure()
            }
            group.addTask {
                guard let interval = ServiceNotice.interval else {
                    try? await Task.sleep(for: .seconds(86_400 * 365))
                    return
                }
                while !Task.isCancelled {
                    // Waits for its turn: a watch that hangs is not alive.
                    _ = await watch.cameras()
                    ServiceNotice.alive()
                    try? await Task.sleep(for: interval)
                }
            }
            await group.next()
            group.cancelAll()
        }
        ServiceNotice.stopping()
    }
}
