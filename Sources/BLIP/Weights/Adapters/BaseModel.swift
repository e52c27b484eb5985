import BlipCheckpoint
import Foundation

/// The model that an adapter changes, as `base_model_name_or_path` names it.
struct BaseModel {
    private let name: String
    private let revision: String
    private let folder: URL

    /// - Parameter folder: the adapter's.
    /// - Throws: ``BlipError`` for an adapter that does not say of which model it is.
    init(of adapter: AdapterConfiguration, in folder: URL) throws(BlipError) {
        guard let name = adapter.base, !name.isEmpty else {
            throw BlipError(
                .invalidConfiguration,
                "\(folder.path): the adapter does not say which model it changes; write that model's path as "
                    + "\"base_model_name_or_path\" into adapter_config.json")
        }
        self.name = name
        revision = adapter.revision ?? "main"
        self.folder = folder
    }

    /// Looks for it as peft does, as a path and in the cache, and in between in and beside the adapter's
    /// folder.
    ///
    /// - Throws: ``BlipError`` that says how to get it.
    func find(modelCache: URL?) throws(BlipError) -> URL {
        let last = name.split(separator: "/").last.map(String.init) ?? name
        let places =
            [
                URL(filePath: name), folder.appending(path: name), folder.appending(path: last),
                folder.deletingLastPathComponent().appending(path: last),
                modelCache.flatMap(snapshot),
            ].compactMap(\.self).filter { !$0.isSame(as: folder) } + (hasWhole ? [folder] : [])
        if let found = places.first(where: { FileManager.default.fileExists(atPath: $0.path) }) {
            return found
        }
        let remedy =
            isOnHub
            ? "fetch it with: blip pull \(name)\(revision == "main" ? "" : " --revision \(revision)")"
            : "put it there, or beside the adapter under the name \(last.quotable)"
        throw BlipError(
            .invalidConfiguration,
            "\(folder.path) is an adapter of the model \"\(name.quotable)\", which is not here; \(remedy)"
        )
    }

    /// Whether the adapter lies in the folder of the whole model.
    private var hasWhole: Bool {
        ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin"].contains {
            FileManager.default.fileExists(atPath: folder.appending(path: $0).path)
        }
    }

    /// OWNER/NAME and a revision, as the hub has them. They are foreign, and a command is made of them.
    private var isOnHub: Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2
            && ([revision[...]] + parts).allSatisfy { part in
                !part.isEmpty && !part.hasPrefix(".") && !part.hasPrefix("-")
                    && part.utf8.allSatisfy(Self.plain.contains)
            }
    }

    private static let plain = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./".utf8)

    /// The folder of a pulled model.
    private func snapshot(in cache: URL) -> URL? {
        guard isOnHub, !revision.contains("..") else { return nil }
        let repository = cache.appending(
            path: "models--" + name.split(separator: "/").joined(separator: "--"))
        let reference = repository.appending(path: "refs/\(revision)")
        let commit = try? String(contentsOf: reference, encoding: .utf8)
        let name = (commit ?? revision).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !name.isEmpty, name.allSatisfy(\.isHexDigit) else { return nil }
        return repository.appending(path: "snapshots/\(name)")
    }
}

extension URL {
    fileprivate func isSame(as other: URL) -> Bool {
        standardizedFileURL.resolvingSymlinksInPath().path
            == other.standardizedFileURL.resolvingSymlinksInPath().path
    }
}
