import DemoModel
import Foundation
import Hub

/// Where a model that was named on the command line is.
enum ModelLocation {
    /// The models inside this program, by name.
    static let embedded = [("demo", DemoModel.folder), ("demo-int8", DemoModel.int8Folder)]

    /// Where pulled models are.
    static var cache: URL? { try? HubConfiguration().cache }

    /// - Parameter model: a path, a name that was pulled, or one of ``embedded`` where nothing else is
    ///   called so; `nil` for the embedded checkpoint.
    static func find(_ model: String?) throws -> URL {
        guard let model else { return DemoModel.folder }
        let file = URL(filePath: model)
        if FileManager.default.fileExists(atPath: file.path) { return file }
        if let (_, folder) = embedded.first(where: { $0.0 == model }) { return folder }
        // OWNER/NAME, or OWNER/NAME@REVISION.
        let parts = model.split(separator: "@", maxSplits: 1).map(String.init)
        guard let name = try? RepositoryName(parts.first ?? "") else {
            throw Failure(
                .missingModel,
                "There is no model \"\(model)\": no folder or file of that name, nor one that was "
                    + "pulled. blip models lists what is here; blip pull OWNER/NAME fetches more.")
        }
        guard
            let snapshot = HubCache(try HubConfiguration().cache)
                .snapshot(of: name, revision: parts.dropFirst().first ?? "main")
        else {
            throw Failure(
                .missingModel,
                "\(model) is neither a folder nor pulled; fetch it with: blip pull \(name)"
                    + (parts.count > 1 ? " --revision \(parts[1])" : ""))
        }
        return snapshot
    }
}
