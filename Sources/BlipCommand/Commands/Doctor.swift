import ArgumentParser
import BlipCommandSupport
import BlipMeasuring
import Foundation

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Examine the devices that OpenVINO sees: what each is worth for a model.",
        discussion: """
            Runs the model on every device over built-in pictures and texts, and compares it with the processor at \
            f32: a device that computes something else, or fails, is not used by the other commands. Says what \
            the system lacks for an Intel GPU or NPU that OpenVINO does not see.

            EXAMPLES
              blip doctor
              blip doctor --device GPU --model Salesforce/blip-vqa-base
              blip doctor --json
            """)

    @OptionGroup var model: ModelArguments

    @Flag(help: "Print one JSON object a line, and nothing else, on standard output.")
    var json = false

    func run() async throws {
        try await reportingFailures {
            let chosen = try await model.choose(for: nil)
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
    }
}
