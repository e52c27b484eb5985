import ArgumentParser
import Logging

/// How commands that run for long write their log.
struct LogArguments: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(help: "What log lines on standard error are: text, or a JSON object each.")
    var logFormat = Format.text

    func logger() -> Logger {
        Logger(label: "blip") { label in
            switch logFormat {
            case .text: StreamLogHandler.standardError(label: label)
            case .json: JSONLogHandler()
            }
        }
    }
}
