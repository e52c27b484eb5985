import Foundation
import BlipPictures

/// A text file, or a pipe, that names pictures and folders: a path a line, or, as `find -print0` writes them, with
/// a zero after each.
struct PictureList {
    let paths: [RawPath]

    /// - Parameter argument: `@` and the file's path.
    init(argument: String) throws {
        let path = RawPath(argument: String(argument.dropFirst()))
        guard path.status != nil else { throw Self.missing(path, argument) }
        // What fills a pipe, such as find on a large disk, may think for a while.
        let reader = FileBytes(limit: Self.limit, idleTimeout: .seconds(300)) {
            !FileBytes.isPicture($0)
        }
        let bytes: [UInt8]
        do {
            bytes = try reader.read(path)
        } catch  where error.code == .isFolder {
            throw Failure(.usage, "\(path) is a folder, and no list of pictures; leave the @ out.")
        } catch {
            throw Failure(.usage, error.message)
        }
        if FileBytes.isPicture(bytes[...]) {
            throw Failure(
                .usage, "\(path) is a picture, and no list of pictures; leave the @ out.")
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw Failure(.usage, "\(path): the list is UTF-16; save it as UTF-8.")
        }
        paths = Self.paths(in: bytes)
        guard let first = paths.first else {
            throw Failure(.usage, "\(path): the list is empty; give a path a line.")
        }
        if first.bytes.contains(where: Self.isControl), first.status == nil {
            throw Failure(
                .usage,
                "\(path) is no list of pictures, which is a text file with a path a line; unpack an "
                    + "archive, and name its folder.")
        }
    }

    private static func missing(_ path: RawPath, _ argument: String) -> Failure {
        let hint =
            if argument == "@-" {
                " Standard input is @/dev/stdin."
            } else if RawPath(argument: argument).status != nil {
                " For the file \(argument) write ./\(argument)."
            } else {
                ""
            }
        let name =
            path.bytes.isEmpty ? "After @ there is no name" : "\(path): there is no such list"
        return Failure(.usage, "\(name); @ names a text file with a path a line.\(hint)")
    }

    /// Archives and programs begin with such bytes; few files are named with them.
    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != UInt8(ascii: "\n")
    }

    private static let limit = 256 << 20

    private static func paths(in bytes: [UInt8]) -> [RawPath] {
        if bytes.contains(0) { return bytes.split(separator: 0).map { RawPath(bytes: $0) } }
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        return bytes[(hasMark ? 3 : 0)...]
            .split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
            .compactMap { line -> RawPath? in
                let trimmed = RawPath(bytes: line.trimmed)
                guard !trimmed.bytes.isEmpty else { return nil }
                // Spaces at either end are a hand's, unless there is such a file.
                let whole = RawPath(bytes: line)
                return whole != trimmed && whole.status != nil ? whole : trimmed
            }
    }
}

extension ArraySlice<UInt8> {
    /// Without spaces and tabs at either end.
    fileprivate var trimmed: ArraySlice<UInt8> {
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let start = drop(while: isSpace)
        return start[..<(start.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start.startIndex)]
    }
}
