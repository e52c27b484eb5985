package import BlipPictures
package import BlipCommandSupport
import BlipJSON

/// Captions that another run, program or person made: JSON lines as `blip caption --json` prints them, or CSV
/// with a line of names.
package struct CaptionFile: Sendable {
    package struct Entry: Sendable, Hashable {
        package let picture: RawPath
        package let caption: String
    }

    package let entries: [Entry]

    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - name: what errors call it.
    /// - Throws: ``Failure``, naming the line.
    package init(_ bytes: [UInt8], name: String) throws(Failure) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(.usage, "\(name) is not UTF-8; save it so.")
        }
        let first = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.first
        entries = try first == "{" ? Self.lines(text, name) : Self.table(text, name)
    }

    private static func lines(_ text: String, _ name: String) throws(Failure) -> [Entry] {
        var entries: [Entry] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        where !line.trimmingBlanks.isEmpty {
            guard let object = try? JSONValue(parsing: Array(line.utf8)), object.members != nil
            else {
                throw Failure(
                    .usage, "\(name), line \(index + 1), is no JSON object; mend or remove it.")
            }
            // Pictures that failed have no caption, questions' answers are none.
            guard let picture = object["image"]?.text,
                let caption = (object["caption"] ?? object["alt_text"])?.text
            else { continue }
            entries.append(Entry(picture: path(picture), caption: caption))
        }
        return entries
    }

    private static func table(_ text: String, _ name: String) throws(Failure) -> [Entry] {
        let rows = SeparatedValues.rows(of: text)
        guard let header = rows.first?.map({ $0.trimmingBlanks.lowercased() }),
            let picture = header.firstIndex(where: pictureNames.contains),
            let caption = header.firstIndex(where: captionNames.contains)
        else {
            throw Failure(
                .usage,
                "\(name) is neither JSON lines nor CSV whose first line names the columns image and caption; "
                    + "write it so.")
        }
        var entries: [Entry] = []
        for row in rows.dropFirst() where row.count > max(picture, caption) {
            if row[caption].trimmingBlanks.isEmpty { continue }
            entries.append(Entry(picture: path(row[picture]), caption: row[caption]))
        }
        return entries
    }

    private static let pictureNames: Set = ["image", "file", "filename", "path", "sourcefile"]
    private static let captionNames: Set = [
        "caption", "alt_text", "alt text", "alt", "description", "text",
    ]

    /// Records have a byte that is not UTF-8 as `\x` and two digits; a name may have that too.
    private static func path(_ name: String) -> RawPath {
        let plain = RawPath(name)
        guard plain.status == nil, name.contains("\\x") else { return plain }
        var bytes: [UInt8] = []
        var rest = plain.bytes[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.dropFirst().prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"),
                let coded = UInt8(digits, radix: 16)
            {
                bytes.append(coded)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return RawPath(bytes: bytes)
    }
}
