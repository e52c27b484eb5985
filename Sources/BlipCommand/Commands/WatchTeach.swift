import ArgumentParser
import BLIP
import BlipCameras
import BlipCommandSupport
import BlipPictures
import Foundation

/// `blip watch teach`: a command of its own to the parser, since a source may follow `blip watch`.
struct WatchTeach: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch-teach",
        abstract: "Teach a sensor what its states look like.",
        usage: "blip watch teach <sensor> <state> <picture> ... [--config <file>]",
        discussion: """
            Give whole frames of the sensor's camera; the sensor uses only its region. Five to ten pictures of \
            each state are enough, by day and by night. The result is stored beside the configuration, as \
            NAME.taught.json. To correct a picture, teach it again with the right state.

            EXAMPLES
              blip watch teach door_open yes frames/open-*.jpg --config house.yaml
              blip watch teach door_open no frames/shut/ --config house.yaml
            """, shouldDisplay: false)

    @Argument(help: "A sensor of the configuration.")
    var sensor: String

    @Argument(help: "The state that the pictures show.")
    var state: String

    @Argument(help: "Pictures or folders of them.", completion: .file())
    var pictures: [String]

    @Option(
        help: ArgumentHelp("The configuration; watch.yaml.", valueName: "file"), completion: .file()
    )
    var config = "watch.yaml"

    @Flag(help: "Print the result as JSON.")
    var json = false

    @OptionGroup(title: "Model") var model: ModelArguments

    func run() async throws {
        try await reportingFailures {
            let file = URL(filePath: config)
            let configuration = try Watch.read(file)
            let inputs = try ImageInput.resolve(pictures)
            let chosen = try await ChosenModel(
                model.model ?? configuration.model, for: configuration.tasks)
            let opened = try OpenedModel(chosen.location, options: model.runtimeOptions)
            var teacher = try Teacher(
                configuration, sensor: sensor, state: state, model: opened.model)
            var states = try await TaughtStates(beside: file, model: opened.model)
            var failed = 0
            for input in inputs {
                do {
                    let name = input.file?.standardizedFileURL.path ?? input.name
                    try await teacher.add(input.load(), name: name)
                } catch let error as PictureError {
                    Terminal.complain(error.message)
                    failed += 1
                }
            }
            guard failed < inputs.count else { throw Failure.someFailedQuietly }
            try tell(teacher.teach(&states))
            if failed > 0 { throw Failure.someFailedQuietly }
        }
    }

    private func tell(_ result: TeachingResult) throws {
        if json {
            try Terminal.print(jsonLine(result))
        } else {
            let pictures = result.pictures.sorted { $0.key < $1.key }
                .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
            let accuracy =
                result.accuracy.map {
                    "\(Int(($0 * 100).rounded())) % are told rightly (cross-validated)"
                }
                ?? "too few to tell how well"
            try Terminal.print("\(sensor): \(pictures); \(accuracy)")
        }
        if let warning = result.warning { Terminal.note(warning) }
    }
}
