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
        abstract: "Ask questions about cameras again and again; report when an answer changes.",
        discussion: """
            Prints one event a line, as JSON. SOURCE is an rtsp:// or http:// address, /dev/video0, a video \
            file, a folder of pictures, or a .yaml file that names cameras, sensors and where events go. \
            ffmpeg reads the streams. SIGHUP reads the file again.

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

    @OptionGroup var camera: CameraArguments

    @Flag(help: "Check the configuration, and end.")
    var check = false

    @Option(
        help: ArgumentHelp(
            "Draw the regions on a frame, into a .jpg, .png or .webp file, and end.",
            discussion: "For several cameras, an existing folder.", valueName: "file"),
        completion: .file())
    var preview: String?

    @Flag(
        help: "Print a JSON schema, with which editors complete and check configurations.")
    var schema = false

    @OptionGroup var log: LogArguments

    @OptionGroup(title: "Model") var model: ModelArguments

    func validate() throws {
        if source == nil, !schema {
            throw ValidationError("Give a camera or a configuration to watch.")
        }
        if let source, Self.configurationFile(source) != nil {
            let given = camera.given
            guard given.isEmpty else {
                throw ValidationError(
                    "\(given.joined(separator: ", ")): a configuration has its own; write it in \(source), or "
                        + "name a camera.")
            }
        }
    }

    func run() async throws {
        try await reportingFailures {
            guard let source, !schema else {
                return try Terminal.print(ConfigurationSchema.text())
            }
            let file = Self.configurationFile(source)
            let configuration = try file.map(Self.read) ?? camera.configuration(of: source)
            if let preview { return try await WatchPreview(configuration).draw(to: preview) }
            let chosen = try await ChosenModel(
                model.model ?? configuration.model, for: configuration.tasks)
            var opened = try OpenedModel(chosen.location, options: model.runtimeOptions)
            try Self.check(configuration, with: opened.model)
            try await Self.checkFFmpeg(for: configuration)
            let taught = try await Self.taught(file, opened.model)
            if check { return try tellChecked(configuration, taught) }
            try await opened.prepare(for: configuration.tasks)
            try await watch(configuration, file, opened.model, taught)
        }
    }

    private func watch(
        _ configuration: WatchConfiguration, _ file: URL?, _ blip: BlipModel,
        _ taught: TaughtStates?
    ) async throws {
        let logger = log.logger()
        let watch = CameraWatch(configuration, model: blip, taught: taught, logger: logger)
        let output = StandardOutputSink()
        await watch.add(
            [output] + EventSinks.sinks(for: configuration, control: watch, logger: logger))
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
                    await watch.reload(new, taught: try await Self.taught(file, blip))
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

    private static func taught(_ file: URL?, _ blip: BlipModel) async throws -> TaughtStates? {
        guard let file else { return nil }
        return try await TaughtStates(beside: file, model: blip)
    }

    private func tellChecked(
        _ configuration: WatchConfiguration, _ taught: TaughtStates?
    ) throws {
        for notice in taught?.notices(configuration) ?? [] { Terminal.note(notice) }
        let name = configuration.file?.lastPathComponent ?? "The camera"
        let cameras = configuration.cameras.count
        let sensors = configuration.sensors.count
        try Terminal.print(
            "\(name): \(cameras) \(cameras == 1 ? "camera" : "cameras"), \(sensors) "
                + "\(sensors == 1 ? "sensor" : "sensors"); all is well")
    }
}
