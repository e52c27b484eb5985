public import BLIP
public import BlipErrors
import Foundation
import GRDB

/// What can go wrong with a library of photos, apart from the pictures and the model.
public struct LibraryError: BlipFailure {
    /// The kind of error; new kinds may be added.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// There is no such library.
        public static let missing = Code(rawValue: "missing")
        /// A newer version of this program made it.
        package static let newer = Code(rawValue: "newer")
        /// The file is something else.
        public static let noLibrary = Code(rawValue: "noLibrary")
        /// The file was cut off or is broken.
        package static let damaged = Code(rawValue: "damaged")
        /// Another program writes it, and does not come to an end.
        public static let locked = Code(rawValue: "locked")
        /// It cannot be written: a full or read-only disk, or no permission.
        package static let unwritable = Code(rawValue: "unwritable")
        /// It was indexed with another model, or with the same at another picture size or with other weights.
        public static let otherModel = Code(rawValue: "otherModel")
        /// What was asked for makes no sense.
        package static let invalidQuery = Code(rawValue: "invalidQuery")
        /// SQLite failed otherwise.
        package static let failed = Code(rawValue: "failed")
    }

    /// What kind of error it is.
    public let code: Code
    /// One sentence: what is wrong with what, and what to do.
    public let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension LibraryError {
    /// Puts an error of SQLite in the words of whoever has a library.
    init(_ error: DatabaseError, _ file: URL) {
        let name = file.path
        switch error.resultCode {
        case .SQLITE_NOTADB:
            self.init(
                .noLibrary, "\(name) is no library of photos; name another file with --library.")
        case .SQLITE_CORRUPT:
            self.init(
                .damaged,
                "\(name) is damaged or was cut off; move it away, and index the folders again.")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .locked,
                "\(name) is being written by another program; try again when that has ended.")
        case .SQLITE_FULL:
            self.init(
                .unwritable,
                "\(name) cannot grow, since its disk is full; make room, and index again: what was "
                    + "indexed is kept.")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .unwritable,
                "\(name) may not be written; check its permissions and its disk, or name another file "
                    + "with --library.")
        case .SQLITE_CANTOPEN:
            self.init(
                .unwritable,
                "\(name) cannot be opened; check that its folder is there and that you may write in "
                    + "it.")
        case .SQLITE_IOERR:
            self.init(
                .unwritable,
                "\(name) could not be read or written (\(error.message ?? "I/O error")); check its "
                    + "disk and that it has room.")
        default:
            self.init(
                .failed,
                "\(name): SQLite failed with \"\(error.message ?? "\(error.resultCode)")\".")
        }
    }
}

/// Runs what uses SQLite; its errors come out as ``LibraryError``.
func reportingErrors<Result>(of file: URL, _ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as DatabaseError {
        throw LibraryError(error, file)
    }
}
