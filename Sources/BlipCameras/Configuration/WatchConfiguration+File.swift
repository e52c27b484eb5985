package import Foundation
import Yams

extension WatchConfiguration {
    /// The largest file that is read; thousands of sensors fit.
    private static let maximumBytes = 1 << 20

    /// Reads and checks a file.
    ///
    /// - Parameters:
    ///   - file: YAML.
    ///   - environment: what `${NAME}` in it stands for.
    /// - Throws: ``ConfigurationProblems``, all that is wrong with it.
    package init(
        contentsOf file: URL,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationProblems) {
        let data: Data
        do {
            // Nothing is read of an empty file.
            data =
                try FileHandle(forReadingFrom: file).read(upToCount: Self.maximumBytes + 1)
                ?? Data()
        } catch {
            throw ConfigurationProblems([
                "\(file.path) cannot be read; give a YAML file, as docs/cameras.md shows."
            ])
        }
        guard data.count <= Self.maximumBytes, let text = String(data: data, encoding: .utf8) else {
            throw ConfigurationProblems([
                "\(file.path) is no text of 1 MB at most; give a YAML file, as docs/cameras.md shows."
            ])
        }
        try self.init(yaml: text, file: file, environment: environment)
    }

    init(
        yaml: String, file: URL, environment: [String: String]
    ) throws(ConfigurationProblems) {
        if let alias = YAMLAliases.first(in: yaml) {
            throw ConfigurationProblems([
                "Line \(alias.line): \(file.path) has an alias, *\(alias.name), and those are not read; write the "
                    + "value itself there."
            ])
        }
        let node: Node?
        do {
            node = try Yams.compose(yaml: yaml)
        } catch {
            throw ConfigurationProblems([YAMLProblem.sentence(error, file: file)])
        }
        guard let node else {
            throw ConfigurationProblems(["\(file.path) is empty; docs/cameras.md shows an example."]
            )
        }
        var reader = ConfigurationReader(
            folder: file.deletingLastPathComponent(), environment: environment)
        let section = reader.section(node, Self.keys, path: "")
        var problems = reader.problems
        self.init(section, &problems)
        self.file = file
        guard problems.sentences.isEmpty else { throw problems }
    }

    private init(_ section: ConfigurationSection, _ problems: inout ConfigurationProblems) {
        self.init()
        model = section.text("model")
        metricsFile = section.file("metrics_file")
        cameras = section.named("cameras").compactMap { .init($0.name, $0.section, &problems) }
        let names = section.named("cameras").map(\.name)
        if case .named(let named)? = section.values["cameras"], named.isEmpty {
            problems.add("cameras has none; name one with its source.")
        }
        sensors = section.named("sensors").compactMap {
            .init($0.name, $0.section, cameras: names, &problems)
        }
        mqtt = section.section("mqtt").map { .init($0, &problems) }
        webhook = section.section("webhook").flatMap { .init($0, &problems) }
        pictures = section.section("pictures").map { .init($0) }
    }
}

extension CameraConfiguration {
    init?(
        _ name: String, _ section: ConfigurationSection, _ problems: inout ConfigurationProblems
    ) {
        // Missing: told of already.
        guard let source = section.text("source") else { return nil }
        let password = section.secret("password", &problems)
        do {
            try self.init(
                name: name, source: source, kind: section.text("kind").flatMap(Kind.init),
                user: section.text("user"), password: password, folder: section.folder)
        } catch {
            problems.add("\(section.path).source \(error.description)")
            return nil
        }
        rate = section.number("rate") ?? rate
        decodesKeyFramesOnly = section.boolean("key_frames") ?? false
        usesUDP = section.text("transport") == "udp"
        isFast = section.text("speed") == "fast"
        if let side = section.integer("max_side") { maximumSide = side == 0 ? nil : side }
        timeout = max(.seconds(1), section.duration("timeout") ?? timeout)
        title = section.text("title") ?? title
    }
}

extension SensorConfiguration {
    init?(
        _ name: String, _ section: ConfigurationSection, cameras: [String],
        _ problems: inout ConfigurationProblems
    ) {
        let given = section.text("camera") ?? (cameras.count == 1 ? cameras.first : nil)
        guard let camera = given else {
            problems.add(
                "\(section.path) lacks camera; name one of \(cameras.joined(separator: ", ")).")
            return nil
        }
        if !cameras.contains(camera) {
            let hint =
                camera.nearest(in: cameras).map { "did you mean \($0)?" }
                ?? "there are \(cameras.joined(separator: ", "))."
            problems.add("\(section.path).camera: there is no camera \(camera); \(hint)")
        }
        let question: Question
        do {
            question = try Question(section)
        } catch {
            // Complaints of a key begin with its point.
            let space = error.description.hasPrefix(".") ? "" : " "
            problems.add("\(section.path)\(space)\(error.description)")
            return nil
        }
        self.init(name: name, camera: camera, question: question)
        region = section.region("region")
        every = section.duration("every") ?? every
        onMotion = section.boolean("on_motion") ?? onMotion
        threshold = section.number("threshold") ?? threshold
        frames = section.integer("of") ?? frames
        agreeing =
            section.integer("agree") ?? (section.integer("of").map { $0 / 2 + 1 } ?? agreeing)
        minimumChange = section.number("min_change") ?? minimumChange
        sameCosine = section.number("same") ?? sameCosine
        title = section.text("title") ?? title
        deviceClass = section.text("device_class")
        icon = section.text("icon")
        if agreeing > frames || 2 * agreeing <= frames {
            problems.add(
                "\(section.path): agree is \(agreeing) of \(frames); it must be more than half of them, and "
                    + "not more than all.")
        }
    }
}
