public import BLIP
import BlipCommandSupport
public import Foundation

/// A model that a library is indexed and searched with.
public struct LibraryModel: Sendable {
    /// The model itself.
    package let model: BlipModel
    /// What finds it again: a path, or a name.
    package let name: String
    /// Tells other weights from these.
    package let fingerprint: String

    /// Opens a model.
    ///
    /// - Parameters:
    ///   - folder: as `BlipModel.init(folder:options:)` takes it.
    ///   - options: where and how it runs.
    /// - Throws: as that does.
    public init(folder: URL, options: RuntimeOptions = RuntimeOptions()) throws {
        try self.init(
            BlipModel(folder: folder, options: options), name: folder.path, folder: folder,
            modelCache: options.modelCache)
    }

    /// - Parameters:
    ///   - model: one that was opened.
    ///   - name: what finds it again.
    ///   - folder: where its files lie.
    ///   - modelCache: as `RuntimeOptions.modelCache`.
    package init(_ model: BlipModel, name: String, folder: URL, modelCache: URL?) throws {
        self.model = model
        self.name = name
        fingerprint = try Self.fingerprint(of: folder, modelCache: modelCache)
    }

    /// What tells a model's weights from others, without opening it.
    package static func fingerprint(of folder: URL, modelCache: URL?) throws -> String {
        try ModelFiles(at: folder, modelCache: modelCache).fingerprint()
    }

    /// A query for pictures that fit words.
    ///
    /// - Throws: `BlipError` for words that the model cannot read, and runtime errors.
    public func query(_ text: String) async throws -> SearchQuery {
        try model.validate(text: text, "text to search for")
        let vector =
            await model.hasEmbeddings ? try await model.embeddings(of: [text]).first : nil
        return SearchQuery(text: text, vector: vector)
    }

    /// A query for pictures that look like one.
    ///
    /// - Parameter picture: it need not be in the library.
    /// - Throws: `PictureError`, and `BlipError` for a model without projections.
    public func query(like picture: URL) async throws -> SearchQuery {
        let image = try await model.encode(contentsOf: picture)
        return SearchQuery(vector: try await model.embedding(of: image))
    }
}
