import ArgumentParser
import BLIP
import Foundation
import Hub

struct Models: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the models that are embedded, pulled, or in this folder.",
        discussion: """
            Each by the name that --model takes. Of the working directory, folders that hold a checkpoint or a \
            converted model are listed.

            EXAMPLES
              blip models
              blip models --json
            """)

    @Flag(help: "Print one JSON object a line, and nothing else, on standard output.")
    var json = false

    func run() async throws {
        try await reportingFailures {
            let embedded = ModelLocation.embedded.map { ($0, $1, " (embedded)") }
            let pulled = HubCache(try HubConfiguration().cache).repositories()
                .map { ($0.name.description, $0.snapshot, "") }
            let here = ((try? FileManager.default.contentsOfDirectory(atPath: ".")) ?? [])
                .filter(FileManager.default.isFolder).sorted()
                .map { ($0, URL(filePath: $0, directoryHint: .isDirectory), "") }
            for (name, folder, kind) in embedded + pulled + here {
                // Caches and folders hold other things too.
                guard
                    let tasks = try? BlipModel.tasks(
                        of: folder, modelCache: ModelLocation.cache)
                else { continue }
                let record = ModelRecord(
                    name: name, path: folder.path,
                    tasks: BlipTask.allCases.filter(tasks.contains).map(\.rawValue),
                    bytes: HubCache.bytes(below: folder))
                try Terminal.print(
                    json
                        ? try jsonLine(record)
                        : "\(name)\(kind)  \(record.tasks.joined(separator: ", "))  "
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
