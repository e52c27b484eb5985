import ArgumentParser
import BLIP
import BlipCommandSupport
import BlipDemoModel
import BlipHub
import Foundation

struct Models: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the models that are embedded, pulled, or in this folder.",
        discussion: """
            Prints the names that --model takes, also of checkpoints and converted models in the working \
            directory. The default model runs without --model: it is what BLIP_MODEL names, or else what \
            --default set, or else demo.

            EXAMPLES
              blip models
              blip models --json
              blip models --default Salesforce/blip-vqa-base
            """)

    @Option(
        name: .customLong("default"),
        help: ArgumentHelp(
            "Make this model the default for all later runs.", valueName: "name"))
    var newDefault: String?

    @Flag(help: "Print one JSON object a line, and nothing else, on standard output.")
    var json = false

    func run() async throws {
        try await reportingFailures {
            if let newDefault { try await DefaultModel.set(newDefault) }
            let embedded = ModelLocation.embedded.map { ($0, $1, " (embedded)") }
            let pulled = HubCache(try HubConfiguration().cache).repositories()
                .map { ($0.name.description, $0.snapshot, "") }
            let here = ((try? FileManager.default.contentsOfDirectory(atPath: ".")) ?? [])
                .filter(FileManager.default.isFolder).sorted()
                .map { ($0, URL(filePath: $0, directoryHint: .isDirectory), "") }
            var found = embedded + pulled + here
            let chosen = try DefaultModel.find()
            // A folder that is called demo is not what runs by default.
            let place: URL? =
                if let chosen { try ModelLocation.here(chosen.name) } else { DemoModel.folder }
            if let chosen, let place, !found.contains(where: { place.isSameFile(as: $0.1) }) {
                found.append((chosen.name, place, ""))
            }
            for (name, folder, kind) in found {
                // Caches and folders hold other things too.
                guard
                    let tasks = try? BlipModel.tasks(
                        of: folder, modelCache: ModelLocation.cache)
                else { continue }
                let record = ModelRecord(
                    name: name, path: folder.path,
                    tasks: BlipTask.allCases.filter(tasks.contains).map(\.rawValue),
                    bytes: ModelFiles(at: folder, modelCache: ModelLocation.cache).bytes,
                    isDefault: place?.isSameFile(as: folder) == true)
                try Terminal.print(
                    json
                        ? try jsonLine(record)
                        : "\(name)\(kind)\(record.isDefault ? " (default)" : "")  "
                            + "\(record.tasks.joined(separator: ", "))  "
                            + "\(record.bytes / 1_000_000) MB  \(record.path)")
            }
            if let chosen, place == nil {
                Terminal.note(
                    ModelLocation.missing(chosen.name, setBy: chosen.setter).description)
            }
            if let newDefault, let chosen, chosen.setter == DefaultModel.variable {
                Terminal.note(
                    "\(DefaultModel.variable) is set to \(chosen.name), and goes before \(newDefault)."
                )
            }
        }
    }
}

private struct ModelRecord: Encodable {
    let name: String
    let path: String
    let tasks: [String]
    let bytes: Int
    let isDefault: Bool

    enum CodingKeys: String, CodingKey {
        case name, path, tasks, bytes
        case isDefault = "default"
    }
}

extension URL {
    /// Whether both lead to one file or folder that is there.
    fileprivate func isSameFile(as other: URL) -> Bool {
        FileIdentity(self).map { $0 == FileIdentity(other) } ?? false
    }
}
