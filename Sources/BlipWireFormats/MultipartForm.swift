/// A `multipart/form-data` body (RFC 7578), as forms and `curl -F` send it.
package struct MultipartForm: Sendable {
    /// A field of a form.
    package struct Part: Sendable, Hashable {
        /// The field's name.
        package let name: String
        /// Whether it was sent with a file's name.
        package let isFile: Bool
        /// What it holds.
        package let bytes: [UInt8]

        /// The bytes as UTF-8.
        package var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// The fields, in the order in which they were sent.
    package let parts: [Part]

    private static let maximumHeader = 8 << 10

    /// - Parameters:
    ///   - bytes: the whole body.
    ///   - contentType: the header, which has the boundary.
    ///   - maximumParts: the most fields; more are refused.
    /// - Throws: ``WireFormatError``, for a body that breaks the format's rules.
    package init(
        _ bytes: [UInt8], contentType: String, maximumParts: Int = 256
    ) throws(WireFormatError) {
        guard let boundary = Self.parameter("boundary", of: contentType),
            (1...70).contains(boundary.utf8.count), !boundary.utf8.contains(13)
        else {
            throw WireFormatError(.invalidForm, "The multipart body's Content-Type has no boundary")
        }
        let delimiter = Array("\r\n--\(boundary)".utf8)
        // The first one may stand at the very beginning, without a line before it.
        let first = delimiter.dropFirst(2)
        var index: Int
        if bytes.starts(with: first) {
            index = first.count
        } else if let start = Self.find(delimiter, in: bytes[...], from: 0) {
            index = start + delimiter.count
        } else {
            throw Self.broken
        }
        var parts: [Part] = []
        while !bytes[index...].starts(with: Array("--".utf8)) {
            // Spaces may follow a boundary.
            while index < bytes.count, bytes[index] == 32 || bytes[index] == 9 { index += 1 }
            guard bytes[index...].starts(with: [13, 10]),
                let end = Self.find(delimiter, in: bytes[...], from: index + 2)
            else { throw Self.broken }
            guard parts.count < maximumParts else {
                throw WireFormatError(
                    .tooManyParts, "The form has more than \(maximumParts) fields; send fewer")
            }
            parts.append(try Self.part(bytes[index..<end]))
            index = end + delimiter.count
        }
        self.parts = parts
    }

    private static var broken: WireFormatError {
        WireFormatError(
            .invalidForm, "The multipart body is broken or ends early; send it again")
    }

    /// - Parameter bytes: from the line break after the boundary to the one before the next.
    private static func part(_ bytes: ArraySlice<UInt8>) throws(WireFormatError) -> Part {
        let blankLine: [UInt8] = [13, 10, 13, 10]
        guard let end = find(blankLine, in: bytes.prefix(maximumHeader), from: bytes.startIndex)
        else { throw broken }
        let header = String(decoding: bytes[bytes.startIndex..<end], as: UTF8.self)
        let disposition = header.split(whereSeparator: \.isNewline).first {
            $0.lowercased().hasPrefix("content-disposition:")
        }
        guard let disposition, let name = parameter("name", of: String(disposition)) else {
            throw WireFormatError(.invalidForm, "A part of the multipart body has no name")
        }
        return Part(
            name: name,
            isFile: ["filename", "filename*"].contains {
                parameter($0, of: String(disposition)) != nil
            },
            bytes: Array(bytes[(end + blankLine.count)...]))
    }

    /// A parameter of a header, in quotation marks or without.
    private static func parameter(_ name: String, of header: String) -> String? {
        var rest = header.drop { $0 != ";" }
        while !rest.isEmpty {
            rest = rest.dropFirst().drop(while: \.isWhitespace)
            let key = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest[key.endIndex...]
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst().drop(while: \.isWhitespace)
            var value: Substring
            if rest.first == "\"" {
                // What stands in quotation marks may have semicolons.
                value = rest.dropFirst().prefix { $0 != "\"" }
                rest = rest[value.endIndex...].drop { $0 != ";" }
            } else {
                value = rest.prefix { $0 != ";" }
                rest = rest[value.endIndex...]
                while value.last?.isWhitespace == true { value.removeLast() }
            }
            if key.lowercased().filter({ !$0.isWhitespace }) == name { return String(value) }
        }
        return nil
    }

    /// Where the pattern stands first; it begins with a carriage return, and so only such places are
    /// looked at.
    private static func find(
        _ pattern: [UInt8], in bytes: ArraySlice<UInt8>, from start: Int
    ) -> Int? {
        var index = start
        while index <= bytes.endIndex - pattern.count {
            guard bytes[index] == 13 else {
                index += 1
                continue
            }
            var matched = 0
            while matched < pattern.count, bytes[index + matched] == pattern[matched] {
                matched += 1
            }
            if matched == pattern.count { return index }
            // A second return is at the third place, if anywhere.
            index += min(matched, 2)
        }
        return nil
    }
}
