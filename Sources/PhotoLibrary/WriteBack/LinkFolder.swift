package import BlipPictures
import Foundation

/// A folder of links with plain names, by which exiftool is told of files: their own names may have line
/// ends, or what it would take for an option or a command.
///
/// Whoever makes one removes it.
struct LinkFolder {
    private let path: String

    init() throws(ExifToolError) {
        var template = Array(
            (FileManager.default.temporaryDirectory.path + "/blip-links-XXXXXX").utf8CString)
        let isMade = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        guard isMade else {
            throw ExifToolError(
                .failed,
                "No folder can be made in \(FileManager.default.temporaryDirectory.path); make room there, "
                    + "or set TMPDIR.")
        }
        path = String(
            decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a link to a file or folder.
    func link(_ target: RawPath, as name: String) throws(ExifToolError) -> String {
        let link = "\(path)/\(name)"
        guard target.absolute.withCString({ symlink($0, link) }) == 0 else {
            throw ExifToolError(
                .failed, "No link can be made in \(path); make room there, or set TMPDIR.")
        }
        return link
    }
}

extension RawPath {
    /// From the root on.
    var absolute: RawPath {
        if bytes.first == UInt8(ascii: "/") { return self }
        var folder = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard getcwd(&folder, folder.count) != nil else { return self }
        return RawPath(bytes: folder.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
            .appending(bytes)
    }

    /// All links followed; `nil` where there is nothing.
    var followingLinks: RawPath? {
        withCString { path -> RawPath? in
            guard let real = realpath(path, nil) else { return nil }
            defer { free(real) }
            return RawPath(bytes: UnsafeRawBufferPointer(start: real, count: strlen(real)))
        }
    }

    /// The folder that it lies in.
    var folder: RawPath {
        let name = lastComponent.bytes
        let folder = bytes.dropLast(name.count)
        return RawPath(bytes: folder.isEmpty ? Array(".".utf8)[...] : folder)
    }

    /// The name's last part in small letters, where that is plain.
    var plainEnding: String? {
        let parts = lastComponent.bytes.split(separator: UInt8(ascii: "."))
        guard parts.count > 1, let last = parts.last, last.count <= 8,
            last.allSatisfy({ (48...57).contains($0) || (65...90).contains($0 & 0xDF) })
        else { return nil }
        return String(decoding: last, as: UTF8.self).lowercased()
    }
}

extension RawPath {
    /// Whether it is a file or folder, or lies in it.
    package func lies(in folder: RawPath) -> Bool {
        let (inner, outer) = (parts, folder.parts)
        return inner.starts(with: outer)
    }

    /// Without those that lead nowhere.
    private var parts: [ArraySlice<UInt8>] {
        absolute.bytes.split(separator: UInt8(ascii: "/")).filter { $0 != [UInt8(ascii: ".")] }
    }
}
