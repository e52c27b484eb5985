package import BlipPictures
package import Foundation

extension FileManager {
    /// Whether there is a folder, or a link to one.
    package func isFolder(_ path: String) -> Bool {
        RawPath(argument: path).isFolder
    }
}

extension RawPath {
    /// The path that an argument of this program names, byte for byte.
    package init(argument: String) {
        self.init(
            bytes: argument.unicodeScalars.flatMap { scalar -> [UInt8] in
                if Self.escapes.contains(scalar.value) { return [UInt8(scalar.value & 0xFF)] }
                return Array(String(scalar).utf8)
            })
    }

    /// The path as an argument: each byte that is not UTF-8 as a character of a private area's end, as Python
    /// does it with lone surrogates (PEP 383), which a string of Swift cannot have. A path that has such a
    /// character is told apart by its four bytes.
    package var argument: String {
        text {
            Self.escapes.contains($0.value)
        } escaping: { byte in
            UnicodeScalar(Self.escapes.lowerBound - 0x80 + UInt32(byte)).map { String($0) } ?? ""
        }
    }

    /// Of the bytes 0x80 to 0xFF.
    private static let escapes: ClosedRange<UInt32> = 0x10_FF80...0x10_FFFF
}
