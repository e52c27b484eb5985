public import Foundation
package import GRDB

/// A library of photos: one SQLite file that tells what is in folders of pictures.
///
/// ```swift
/// let library = try Library(at: URL(filePath: "photos.sqlite"))
/// let model = try LibraryModel(folder: URL(filePath: "blip-itm-base-coco"))
/// try await Indexer(library, model: model).index([URL(filePath: "Photos")])
///
/// let words = try await model.query("dogs on a beach")
/// for hit in try library.search(words) { print(hit.photo.file.path, hit.score) }
/// ```
///
/// One program writes at a time; any number may read meanwhile, each seeing what was complete when it asked.
/// A library that is ended by force, at any moment, keeps all batches that were complete. Calls block their
/// thread while SQLite reads or writes.
public final class Library: Sendable {
    /// What a library is opened for.
    public enum Access: Sendable {
        /// To search: it must be there, and is not changed.
        case reading
        /// To index: it is made where it is not there.
        case writing
    }

    /// Where it lies.
    public let file: URL
    package let database: any DatabaseWriter
    let vectors: VectorStore

    /// Opens a library, or makes one.
    ///
    /// - Parameters:
    ///   - file: a file of its own. While it is written, and after a program was ended by force, files
    ///     beside it, whose names begin with its name, belong to it.
    ///   - access: what it is for.
    /// - Throws: ``LibraryError``.
    public init(at file: URL, for access: Access = .reading) throws {
        self.file = file
        if access == .reading, !FileManager.default.fileExists(atPath: file.path) {
            throw LibraryError(
                .missing,
                "There is no library \(file.path) yet; make one with: blip index FOLDER")
        }
        let place = LibraryPlace(file)
        database = try reportingErrors(of: file) { try place.open(for: access) }
        vectors = VectorStore(file: place.vectors, isWritable: access == .writing)
    }

    /// How many pictures it has; copies count once.
    public var count: Int {
        get throws {
            try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM picture") ?? 0 }
        }
    }

    package func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try reportingErrors(of: file) { try database.read(body) }
    }

    package func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try reportingErrors(of: file) { try database.write(body) }
    }
}
