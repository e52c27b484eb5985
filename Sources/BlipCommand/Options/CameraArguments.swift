import ArgumentParser
import BlipCameras
import BlipCommandSupport
import Foundation

/// One camera without a file, and what is asked about it.
struct CameraArguments: ParsableArguments {
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "A question to ask again and again; may be given several times.", valueName: "question")
    )
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
            "The least time between two looks, such as 500ms or 2s; 1s if not given.",
            valueName: "time"))
    var every: String?

    @Flag(help: "Look whenever something moves, and only then.")
    var onMotion = false

    @Option(
        help: ArgumentHelp(
            "The part of the frame to look at, in shares from 0 to 1: x,y,width,height, or x,y of three "
                + "corners or more.", valueName: "x,y,w,h"))
    var region: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The least probability that counts; below it the state is unknown. If not given, 0.6; for "
                + "numbers 0.5, for free answers 0.3.", valueName: "p"))
    var threshold: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Frames a second; 5 if not given, for snapshots 1.", valueName: "n"))
    var rate: Double?

    @Flag(help: "Read a film or a folder as fast as possible, for tests.")
    var fast = false

    func validate() throws {
        if let threshold, !(0...1).contains(threshold) {
            throw ValidationError("--threshold wants a number from 0 to 1, not \(threshold).")
        }
        if let rate, !(0.01...60).contains(rate) {
            throw ValidationError("--rate wants a number from 0.01 to 60, not \(rate).")
        }
    }

    /// The options that were given.
    var given: [String] {
        [
            ("--ask", !ask.isEmpty), ("--answers", answers != nil), ("--match", !match.isEmpty),
            ("--every", every != nil), ("--on-motion", onMotion), ("--region", region != nil),
            ("--threshold", threshold != nil), ("--rate", rate != nil), ("--fast", fast),
        ].filter(\.1).map(\.0)
    }

    /// What is watched where no file tells.
    func configuration(of source: String) throws -> WatchConfiguration {
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
}
