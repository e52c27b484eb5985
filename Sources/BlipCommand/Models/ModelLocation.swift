import BlipCommandSupport
import BlipDemoModel
import BlipHub
import Foundation

/// Where a model that was named is.
enum ModelLocation {
    /// The models inside this program, by name.
    static let embedded = [("demo", DemoModel.folder), ("demo-int8", DemoModel.int8Folder)]

    /// Where pulled models are.
    static var cache: URL? { try? HubConfiguration().cache }

    /// - Parameter model: a path, a name that was pulled, or one of ``embedded`` where nothing else is
    ///   called so.
    /// - Returns: `nil` where none of them is there.
    static func here(_ model: String) throws -> URL? {
        try OutputFiles.checkName(model, option: "The model")
        let file = URL(filePath: model)
        if FileManager.default.fileExists(atPath: file.path) { return file }
        if let (_, folder) = embedded.first(where: { $0.0 == model }) { return folder }
        guard let (name, revision) = published(model) else { return nil }
        return HubCache(try HubConfiguration().cache).snapshot(of: name, revision: revision)
    }

    /// Finds a model, or offers to pull it where there is a terminal to ask on.
    ///
    /// - Parameter setter: what named it, if that was not the command line.
    static func find(_ model: String, setBy setter: String? = nil) async throws -> URL {
        if let found = try here(model) { return found }
        if let (name, revision) = published(model),
            Terminal.confirm("\(model) is not on this machine. Fetch it now (a gigabyte or more)?")
        {
            return try await Pull.fetch(name, revision: revision).snapshot
        }
        throw missing(model, setBy: setter)
    }

    /// Says how to get a model that is not there.
    static func missing(_ model: String, setBy setter: String?) -> Failure {
        let origin = setter.map { " (set by \($0))" } ?? ""
        guard let (name, revision) = published(model) else {
            return Failure(
                .missingModel,
                "There is no model \"\(model)\"\(origin): no folder or file of that name, nor one that "
                    + "was pulled. blip models lists what is here; blip pull OWNER/NAME fetches more."
            )
        }
        return Failure(
            .missingModel,
            "\(model)\(origin) is neither a folder nor pulled; fetch it with: blip pull \(name)"
                + (revision == "main" ? "" : " --revision \(revision)"))
    }

    /// The parts of OWNER/NAME, or OWNER/NAME@REVISION.
    private static func published(_ model: String) -> (name: RepositoryName, revision: String)? {
        let parts = model.split(separator: "@", maxSplits: 1).map(String.init)
        guard let name = try? RepositoryName(parts.first ?? "") else { return nil }
        return (name, parts.dropFirst().first ?? "main")
    }
}
