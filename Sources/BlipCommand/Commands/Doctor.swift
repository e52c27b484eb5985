import ArgumentParser
import BlipCommandSupport
import BlipMeasuring
import Foundation

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check whether each device computes a model correctly, and how fast.",
        discussion: """
            Runs the model on every device over built-in pictures and texts, and compares it with the \
            processor at f32. The other commands do not use a device that computes wrong numbers or fails. \
            Also says what is missing for an Intel GPU or NPU that OpenVINO does not see.

            EXAMPLES
              blip doctor
              blip doctor --device GPU --model Salesforce/blip-vqa-base
              blip doctor --calibrate photos/
              blip doctor --json
            """)

    @OptionGroup var model: ModelArguments

    @Option(
        help: ArgumentHelp(
            "Instead, print how large the model's numbers become over these pictures, on the processor; "
                + "the largest f16 number is 65,504.", valueName: "folder"),
        completion: .directory)
    var calibrate: String?

    @Flag(help: "Print one JSON object a line, and nothing else, on standard output.")
    var json = false

    func run() async throws {
        try await reportingFailures {
            let pictures = try calibrate.map { try PictureFolder($0).inputs }
            let chosen = try await model.choose(for: nil)
            if let pictures {
                try await reportRanges(of: chosen, over: pictures)
            } else {
                try examineDevices(with: chosen)
            }
        }
    }

    private func examineDevices(with chosen: ChosenModel) throws {
        let options = model.runtimeOptions
        // AUTO is no device of its own here.
        let doctor = Doctor(
            chosen.location, options: options,
            devices: options.device == "AUTO" ? nil : [options.device])
        var areUsable = true
        try doctor.run { row in
            areUsable = areUsable && row.isUsable
            try Terminal.print(json ? jsonLine(row) : row.lines.joined(separator: "\n"))
        }
        if !areUsable { throw Failure.someFailedQuietly }
    }

    private func reportRanges(of chosen: ChosenModel, over pictures: [ImageInput]) async throws {
        var bar = ProgressBar(total: pictures.count)
        let report = try await RangeReport(
            chosen.location, options: model.runtimeOptions, over: pictures
        ) { bar.advance() }
        bar.clear()
        for line in try json ? report.rows.map(jsonLine) : report.lines { try Terminal.print(line) }
    }
}
