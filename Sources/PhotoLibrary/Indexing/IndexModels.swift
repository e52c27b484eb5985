import BLIP
import Foundation
import GRDB

/// The models of an index run, by their numbers in the library.
struct IndexModels: Sendable {
    /// Makes vectors; `nil` where it has no projections.
    let vectors: (model: BlipModel, id: Int64)?
    /// Makes captions.
    let captions: (model: BlipModel, id: Int64)?

    /// Whether a picture was seen by others than these.
    func differ(from known: KnownFile) -> Bool {
        if let vectors, known.vectorModel != vectors.id { return true }
        if let captions, known.captionModel != captions.id { return true }
        return false
    }

    /// Notes the models in the library.
    ///
    /// - Throws: ``LibraryError`` where it was indexed with another model that makes vectors, unless that is
    ///   to be replaced.
    init(
        _ model: LibraryModel, captioner: LibraryModel?, _ options: IndexOptions,
        in library: Library
    ) async throws {
        let embeds = await model.model.hasEmbeddings
        let captioning =
            options.captions
            ? captioner ?? (model.model.tasks.contains(.caption) ? model : nil) : nil
        guard embeds || captioning != nil else {
            throw BlipError(
                .taskUnavailable,
                "\(model.name) makes neither vectors nor captions; a checkpoint that makes vectors is "
                    + "Salesforce/blip-itm-base-coco, and one for --caption-model "
                    + "Salesforce/blip-image-captioning-base")
        }
        let settings = "prompt=\(options.prompt) \(options.captionOptions)"
        let (vectorID, captionID) = try library.write { database in
            try LibrarySettings.prepare(database)
            var vectorID: Int64?
            if embeds {
                let id = try Self.number(of: model, "", in: database)
                try Self.choose(
                    id, model, in: database, library.file, updates: options.updatesModel)
                vectorID = id
            }
            let captionID = try captioning.map {
                try Self.number(of: $0, settings, in: database)
            }
            if let captionID {
                try LibrarySettings.set("caption_model", String(captionID), in: database)
            }
            return (vectorID, captionID)
        }
        vectors = vectorID.map { (model.model, $0) }
        captions = captioning.flatMap { model in captionID.map { (model.model, $0) } }
    }

    private static func choose(
        _ id: Int64, _ model: LibraryModel, in database: Database, _ file: URL, updates: Bool
    ) throws {
        if let chosen = try LibrarySettings(database)?.model, chosen != id, !updates {
            let name =
                try String.fetchOne(
                    database, sql: "SELECT name FROM model WHERE id = ?", arguments: [chosen])
                ?? "another model"
            throw LibraryError(
                .otherModel,
                "\(file.path) was indexed with \(name), and vectors of \(model.name) cannot be compared "
                    + "with its: go on with --model \(name), or see all pictures again with "
                    + "--update-model.")
        }
        try LibrarySettings.set("model", String(id), in: database)
    }

    private static func number(
        of model: LibraryModel, _ settings: String, in database: Database
    ) throws -> Int64 {
        try database.execute(
            sql: """
                INSERT INTO model (name, fingerprint, settings) VALUES (?, ?, ?) \
                ON CONFLICT (fingerprint, settings) DO UPDATE SET name = excluded.name
                """, arguments: [model.name, model.fingerprint, settings])
        return try Int64.fetchOne(
            database, sql: "SELECT id FROM model WHERE fingerprint = ? AND settings = ?",
            arguments: [model.fingerprint, settings]) ?? 0
    }
}

extension Library {
    /// A model that a library was indexed with.
    package struct UsedModel: Sendable {
        /// What found it then.
        package let name: String
        package let fingerprint: String
    }

    /// The model whose vectors are searched, and the one that made the captions; `nil` before the first index.
    package func usedModels() throws -> (vectors: UsedModel?, captions: UsedModel?) {
        try read { database in
            let model = { (setting: String) in
                try Row.fetchOne(
                    database,
                    sql: """
                        SELECT name, fingerprint FROM model \
                        WHERE id = (SELECT value FROM setting WHERE name = ?)
                        """, arguments: [setting]
                ).map { UsedModel(name: $0[0], fingerprint: $0[1]) }
            }
            return (try model("model"), try model("caption_model"))
        }
    }
}
