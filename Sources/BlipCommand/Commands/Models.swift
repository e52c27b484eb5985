import ArgumentParser
import BLIP
import Foundation
import Hub

struct Models: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the models that are pulled, and the embedded ones.",
        discussion: """
            EXAMPLES
              blip models
              blip models --json
            """)

    @Flag(help: "Print one JSON object a line, and nothing else, on standard output.")
    var json = false

    func run() async throws {
        try await reportingFailures {
            let embedded = ModelLocation.embedded.map { ("\($0) (embedded)", $1) }
            let pulled = HubCache(try HubConfiguration().cache).repositories()
                .map { ($0.name.description, $0.snapshot) }
            for (name, folder) in embedded + pulled {
                // Other models lie in the same cache.
                guard let tasks = try? BlipModel.tasks(of: folder) else { continue }
                let record = ModelRecord(
                    name: name, path: folder.path,
                    tasks: BlipTask.allCases.filter(tasks.contains).map(\.rawValue),
                    bytes: HubCache.bytes(below: folder))
                try Terminal.print(
                    json
                        ? try jsonLine(record)
                        : "\(name)  \(record.tasks.joined(separator: ", "))  "
                            + "\(record.bytes / 1_000_000) MB  \(record.path)")
            }
        }
    }
}

private struct ModelRecord: Encodable {
    let name: String
    let path: String
    let tasks: [String]
    let bytes: Int
}
