package import BLIP
import Foundation
import GRDB

extension Library {
    /// A model that a library was indexed with.
    package struct UsedModel: Sendable, CustomStringConvertible {
        /// What found it then.
        package let name: String
        package let fingerprint: String
        /// `nil` where the library is older than its record of them.
        package let settings: EncodingSettings?

        /// As options choose it again.
        package var description: String { settings.map { "\(name) \($0)" } ?? name }
    }

    /// The model whose vectors are searched, and the one that made the captions; `nil` before the first index.
    package func usedModels() throws -> (vectors: UsedModel?, captions: UsedModel?) {
        try read { database in
            (
                vectors: try Self.usedModel("model", in: database),
                captions: try Self.usedModel("caption_model", in: database)
            )
        }
    }

    /// The model that a setting has the number of.
    static func usedModel(_ setting: String, in database: Database) throws -> UsedModel? {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT name, fingerprint, settings FROM model \
                WHERE id = (SELECT value FROM setting WHERE name = ?)
                """, arguments: [setting])
        guard let row else { return nil }
        let settings: String = row[2]
        return UsedModel(name: row[0], fingerprint: row[1], settings: EncodingSettings(settings))
    }

    /// Refuses a model whose vectors cannot be compared with the library's.
    ///
    /// - Parameter looks: whether it will look at pictures to compare; vectors of words are the same at every
    ///   picture size.
    /// - Throws: ``LibraryError``.
    package func check(_ model: LibraryModel, looks: Bool) throws {
        guard let used = try usedModels().vectors else { return }
        let settings = model.model.encodingSettings
        let then = used.settings ?? settings
        guard
            used.fingerprint != model.fingerprint || then.weights != settings.weights
                || looks && then.imageSize != settings.imageSize
        else { return }
        throw LibraryError.otherModel(
            file, used, model,
            "leave out --model, --image-size and --weights, or index again with --update-model")
    }
}

extension LibraryError {
    /// - Parameter remedy: what to do.
    static func otherModel(
        _ file: URL, _ used: Library.UsedModel, _ asked: LibraryModel, _ remedy: String
    ) -> LibraryError {
        LibraryError(
            .otherModel,
            "\(file.path) was indexed with \(used), and vectors of \(asked.name) "
                + "\(asked.model.encodingSettings) cannot be compared with its: \(remedy).")
    }
}
