import Foundation
import GRDB

/// What a library tells of itself.
struct LibrarySettings {
    /// Tells it from other libraries, and from one that had its place before.
    let id: UUID
    /// The number of the model whose vectors are searched; `nil` before the first index.
    let model: Int64?

    /// `nil` before the first index.
    init?(_ database: Database) throws {
        guard let text = try Self.value("id", in: database), let id = UUID(uuidString: text) else {
            return nil
        }
        self.id = id
        model = try Self.value("model", in: database).flatMap { Int64($0) }
    }

    static func value(_ name: String, in database: Database) throws -> String? {
        try String.fetchOne(
            database, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name])
    }

    static func set(_ name: String, _ value: String, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
            arguments: [name, value])
    }

    static func prepare(_ database: Database) throws {
        if try value("id", in: database) == nil {
            try set("id", UUID().uuidString, in: database)
        }
    }
}
