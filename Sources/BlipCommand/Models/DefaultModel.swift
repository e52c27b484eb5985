import BLIP
import BlipCommandSupport
import Foundation

/// The model that runs where `--model` names none.
struct DefaultModel {
    /// A name that `--model` takes.
    let name: String
    /// What set it, for messages.
    let setter: String

    /// The environment variable that names it.
    static let variable = "BLIP_MODEL"

    /// What ``variable`` says, or else what was kept; `nil` for the embedded demo model.
    static func find() throws -> DefaultModel? {
        if let name = ProcessInfo.processInfo.environment[variable], !name.isEmpty {
            return DefaultModel(name: name, setter: variable)
        }
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            throw Failure(
                .missingModel,
                "\(file.path), which names the default model, cannot be read; set one again with: blip "
                    + "models --default NAME")
        }
        let name = text.hasSuffix("\n") ? String(text.dropLast()) : text
        return name.isEmpty ? nil : DefaultModel(name: name, setter: "blip models --default")
    }

    /// Keeps a default for all later runs, once it is found to be a model.
    static func set(_ name: String) async throws {
        _ = try BlipModel.tasks(of: await ModelLocation.find(name))
        // A path shall mean the same in every folder.
        let isPath = FileManager.default.fileExists(atPath: name)
        let kept = isPath ? URL(filePath: name).absoluteURL.path : name
        do {
            let file = file.followingLinks
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Draft.write(Data("\(kept)\n".utf8), to: file)
        } catch {
            throw OutputFiles.unwritable(file)
        }
    }

    private static var file: URL {
        UserFolder.configuration.appending(path: "swift-blip/default-model")
    }
}
