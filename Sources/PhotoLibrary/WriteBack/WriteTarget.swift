import BlipPictures
import Foundation

/// The file that words are written into: a picture, or its sidecar.
struct WriteTarget {
    /// Without links.
    let file: RawPath
    /// As it is now; `nil` where it is not there.
    let words: FileWords?
    /// What it takes.
    let fields: [WordField]

    init(embedding picture: RawPath, _ reading: Reading) throws(WriteBackError) {
        guard let real = picture.followingLinks, let words = reading.file,
            let type = words.raw("File:FileType")
        else {
            throw WriteBackError("exiftool does not know what \(picture) is; write a sidecar.")
        }
        guard Self.embeddingTypes.contains(type) else {
            throw WriteBackError(
                "Words are not written into \(picture), whose format is \(type); write a sidecar.")
        }
        file = real
        self.words = words
        fields = Self.jpegTypes.contains(type) ? WordField.allCases : WordField.xmp
    }

    init(
        sidecar name: SidecarName, of picture: RawPath, _ reading: Reading
    ) throws(WriteBackError) {
        let path = name.path(for: picture)
        file = path.followingLinks ?? path
        fields = WordField.xmp
        guard let status = path.status else {
            words = nil
            return
        }
        words = reading.sidecars[name]
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= WordReader.largestSidecar,
            words?.raw("File:FileType") == "XMP"
        else {
            throw WriteBackError("\(path) is no XMP file; mend it, or move it away.")
        }
    }

    /// Whether a field can hold the caption without a change of the fields beside it.
    func takes(_ caption: String, in field: WordField) -> Bool {
        guard field == .iptcCaption, !isUnicode, hasIPTC else { return true }
        // What is there is in a code of 256 letters.
        return caption.unicodeScalars.allSatisfy { $0.value < 0x80 }
    }

    /// What exiftool is told, without the files.
    func arguments(for caption: String, _ fields: [WordField]) -> [String] {
        var arguments = fields.map { "-\($0.rawValue)=\(Self.escaped(caption))" }
        if fields.contains(.iptcCaption) {
            if !hasIPTC, caption.unicodeScalars.contains(where: { $0.value >= 0x80 }) {
                arguments.append("-IPTC:CodedCharacterSet=UTF8")
            }
            // Readers believe a digest that does not fit, and then IPTC before all else.
            if let digest = words?.raw("Photoshop:IPTCDigest"),
                digest == words?.raw("File:CurrentIPTCDigest")
            {
                arguments.append("-Photoshop:IPTCDigest=new")
            }
        }
        // exiftool would put its own name there.
        if let toolkit = words?.raw("XMP-x:XMPToolkit") {
            arguments.append("-XMP-x:XMPToolkit=\(Self.escaped(toolkit))")
        }
        return arguments
    }

    private var hasIPTC: Bool {
        words?.raw("File:CurrentIPTCDigest") != nil
            || words?.raw("IPTC:ApplicationRecordVersion") != nil
    }
    private var isUnicode: Bool { words?.raw("IPTC:CodedCharacterSet") == "UTF8" }

    /// As exiftool reads it back with `-E`: in one line.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case _ where scalar.value < 0x20 || scalar == "\u{7F}": "&#\(scalar.value);"
            default: String(scalar)
            }
        }.joined()
    }

    /// Whose pixels can be compared afterwards.
    private static let embeddingTypes: Set = [
        "JPEG", "MPO", "PNG", "APNG", "WEBP", "Extended WEBP", "TIFF", "GIF",
    ]
    private static let jpegTypes: Set = ["JPEG", "MPO"]
}
