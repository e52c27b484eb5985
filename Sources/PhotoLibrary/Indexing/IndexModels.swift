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
    /// - Throws: ``LibraryError`` where it was indexed with another model that makes vectors, or with the same in
    ///   other settings, unless that is to be replaced.
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
                let id = try Self.number(of: model, "", options, in: database)
                try Self.choose(
                    id, model, in: database, library.file, updates: options.updatesModel)
                vectorID = id
            }
            let captionID = try captioning.map {
                try Self.number(of: $0, settings, options, in: database)
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
        if let used = try Library.usedModel("model", in: database), !updates,
            try LibrarySettings(database)?.model != id
        {
            throw LibraryError.otherModel(
                file, used, model,
                "go on with --model \(used), name another file with --library, or see all pictures again "
                    + "with --update-model")
        }
        try LibrarySettings.set("model", String(id), in: database)
    }

    /// - Parameter captions: the settings of captions; empty for vectors.
    private static func number(
        of model: LibraryModel, _ captions: String, _ options: IndexOptions, in database: Database
    ) throws -> Int64 {
        let encoding = "\(model.model.encodingSettings)"
        let settings = captions.isEmpty ? encoding : "\(encoding) \(captions)"
        // What an older version saw has no encoding in its record; it is taken for this one's.
        if !options.updatesModel {
            try database.execute(
                sql: """
                    UPDATE OR IGNORE model SET settings = ? WHERE fingerprint = ? AND settings = ?
                    """, arguments: [settings, model.fingerprint, captions])
        }
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
