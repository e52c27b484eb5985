import BlipPictures
import Foundation

/// The pictures in a tar file (POSIX ustar and pax, GNU), as data sets have them in WebDataset's form. Nothing
/// is unpacked: a member is read where it lies.
struct TarArchive {
    struct Member: Hashable {
        let name: [UInt8]
        /// Of its bytes in the archive.
        let offset: Int
        let size: Int
    }

    /// In their order.
    let members: [Member]
    /// Whether the mark of an archive's end is there. Where it is not, members may be missing.
    let hasEnd: Bool

    /// - Throws: ``Failure`` for what is no tar file, is damaged, or has members that no data set has: links,
    ///   devices, and names that lead out.
    init(_ path: RawPath) throws {
        guard let file = try? FileHandle(forReadingFrom: path.url), path.status != nil else {
            throw Failure(
                .usage, "\(path) cannot be read; check that it is there and that you may.")
        }
        defer { try? file.close() }
        do {
            try self.init(length: Int(file.seekToEnd())) { offset, count in
                try file.seek(toOffset: UInt64(offset))
                return [UInt8](try file.read(upToCount: count) ?? Data())
            }
        } catch let problem as Problem {
            throw Failure(.usage, "\(path): \(problem.sentence)")
        } catch {
            throw Failure(.usage, "\(path) cannot be read: \(error.localizedDescription)")
        }
    }

    /// Why an archive is refused.
    struct Problem: Error {
        let sentence: String

        init(_ sentence: String) { self.sentence = sentence }
    }

    /// - Parameters:
    ///   - length: bytes of the file.
    ///   - read: gives so many bytes at a place, fewer at the end.
    init(length: Int, read: (_ offset: Int, _ count: Int) throws -> [UInt8]) throws {
        // One of nothing has two blocks of zeros.
        guard length > 0 else {
            throw Problem("the file is empty, which no tar file is; copy it again.")
        }
        var members: [Member] = []
        var hasEnd = false
        var offset = 0
        var extended = TarHeader.Extended()
        while offset < length {
            let block = try read(offset, TarHeader.size)
            // A block of zeros is the end, unless another archive is joined to this one (`cat a.tar b.tar`).
            if block.allSatisfy({ $0 == 0 }) {
                (hasEnd, extended) = (true, .init())
                offset += TarHeader.size
                continue
            }
            if hasEnd, (try? TarHeader(block)) == nil { break }
            hasEnd = false
            guard offset == 0 || block.count == TarHeader.size else {
                throw Problem("the archive ends in the middle of a member's header; copy it again.")
            }
            let header = try TarHeader(block)
            let start = offset + TarHeader.size
            let size = extended.size ?? header.size
            guard size <= length - start else {
                throw Problem(
                    "the archive ends in the middle of \(header.printedName); copy it again.")
            }
            let end = start + (size + TarHeader.size - 1) / TarHeader.size * TarHeader.size
            switch header.kind {
            case .longName:
                extended.name = try Self.text(size) { try read(start, $0) }.prefix { $0 != 0 }
            case .longLink, .globalExtended: break
            case .extended: try extended.add(Self.text(size) { try read(start, $0) })
            case .folder: extended = .init()
            case .file where extended.isSparse: throw Self.refused(header, "a sparse file")
            case .file:
                let name = extended.name.map(Array.init) ?? header.name
                try Self.check(name)
                // As `tar -C FOLDER .` writes names.
                let isDotted = name.starts(with: Array("./".utf8))
                members.append(
                    Member(
                        name: isDotted ? Array(name.dropFirst(2)) : name, offset: start, size: size)
                )
                extended = .init()
            case .other(let what): throw Self.refused(header, what)
            }
            offset = end
        }
        self.members = members
        self.hasEnd = hasEnd
    }

    private static func refused(_ header: TarHeader, _ what: String) -> Problem {
        Problem(
            "the member \(header.printedName) is \(what), and only files are read from archives; make "
                + "the archive without it.")
    }

    /// Names and attributes are short.
    private static func text(_ size: Int, _ read: (Int) throws -> [UInt8]) throws -> [UInt8] {
        guard size <= 1 << 16 else {
            throw Problem("a member's name has \(size) bytes; make the archive again.")
        }
        return try read(size)
    }

    private static func check(_ name: [UInt8]) throws {
        let parts = name.split(separator: UInt8(ascii: "/"))
        guard name.first != UInt8(ascii: "/"), !parts.isEmpty,
            !parts.contains(Array("..".utf8)[...])
        else {
            throw Problem(
                "the name of the member \(RawPath(bytes: name)) leads out of the archive; make the archive "
                    + "with names below its folder.")
        }
    }
}

/// The 512 bytes before a member.
private struct TarHeader {
    static let size = 512

    enum Kind {
        case file, folder
        /// GNU's, of the next member.
        case longName, longLink
        /// pax's, of the next member, and of all.
        case extended, globalExtended
        case other(String)
    }

    /// What came before, of the member that this one is.
    struct Extended {
        var name: ArraySlice<UInt8>?
        var size: Int?
        /// GNU's in pax's form: the kind is a file's, and a map of the holes stands before the bytes.
        var isSparse = false

        /// Adds pax's records: a length, a space, a name, `=`, a value and a line's end.
        mutating func add(_ bytes: [UInt8]) throws {
            var rest = bytes[...]
            while !rest.isEmpty {
                let digits = rest.prefix { $0 != UInt8(ascii: " ") }
                guard let length = Int(String(decoding: digits, as: UTF8.self)),
                    length > digits.count + 1, length <= rest.count
                else {
                    throw TarArchive.Problem(
                        "a member's attributes are damaged; copy the archive again.")
                }
                let record = rest.prefix(length).dropFirst(digits.count + 1).dropLast()
                let key = record.prefix { $0 != UInt8(ascii: "=") }
                let value = record.dropFirst(key.count + 1)
                switch String(decoding: key, as: UTF8.self) {
                case "path": name = value
                case "size":
                    guard let number = Int(String(decoding: value, as: UTF8.self)), number >= 0
                    else {
                        throw TarArchive.Problem(
                            "a member's size is damaged; copy the archive again.")
                    }
                    size = number
                case let key where key.hasPrefix("GNU.sparse."): isSparse = true
                default: break
                }
                rest = rest.dropFirst(length)
            }
        }
    }

    let name: [UInt8]
    let size: Int
    let kind: Kind

    var printedName: String { RawPath(bytes: name).description }

    init(_ block: [UInt8]) throws {
        guard block.count == Self.size, Self.number(block[148..<156]) == Self.checksum(block) else {
            throw TarArchive.Problem(
                "this is no tar file, or a damaged or compressed one; unpack a .tar.gz first (gunzip)."
            )
        }
        guard let size = Self.number(block[124..<136]) else {
            throw TarArchive.Problem("a member's size is damaged; copy the archive again.")
        }
        self.size = size
        let ownName = block[0..<100].prefix { $0 != 0 }
        let isPOSIX = block[257..<263].elementsEqual(Array("ustar\0".utf8))
        let prefix = isPOSIX ? block[345..<500].prefix { $0 != 0 } : []
        name = prefix.isEmpty ? Array(ownName) : prefix + [UInt8(ascii: "/")] + ownName
        kind =
            switch Unicode.Scalar(block[156]) {
            case "0", "\0", "7": .file
            case "5": .folder
            case "L": .longName
            case "K": .longLink
            case "x": .extended
            case "g": .globalExtended
            case "1", "2": .other("a link")
            case "3", "4": .other("a device")
            case "6": .other("a pipe")
            case "S": .other("a sparse file")
            default: .other("of an unknown kind")
            }
    }

    /// All bytes, those of the sum itself as spaces.
    private static func checksum(_ block: [UInt8]) -> Int {
        block.enumerated().reduce(0) {
            $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element))
        }
    }

    /// Octal digits, or, where the first bit is set, the bits behind it; `nil` for others, and above 2^56.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        if let first = field.first, first & 0x80 != 0 {
            guard first == 0x80, field.dropFirst().prefix(field.count - 8).allSatisfy({ $0 == 0 })
            else { return nil }
            return field.suffix(7).reduce(0) { $0 << 8 | Int($1) }
        }
        let digits = String(decoding: field, as: UTF8.self)
            .trimmingCharacters(in: CharacterSet(charactersIn: " \0"))
        return digits.isEmpty ? 0 : Int(digits, radix: 8).flatMap { $0 < 0 ? nil : $0 }
    }
}
