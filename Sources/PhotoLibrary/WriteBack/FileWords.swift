import BlipJSON

/// What exiftool tells of one file.
struct FileWords: Sendable {
    /// By exiftool's names, such as `XMP-dc:Description`.
    private let values: [String: JSONValue]

    static let none = FileWords(values: [:])

    /// Fields that hold words of people, and what tells how they may be written.
    static let tags =
        WordField.allCases.map(\.rawValue) + titleTags + keywordTags + descriptionTags + [
            "File:FileType", "IPTC:CodedCharacterSet", "Photoshop:IPTCDigest",
            "File:CurrentIPTCDigest", "XMP-x:XMPToolkit", "IPTC:ApplicationRecordVersion",
        ]
    private static let titleTags = ["XMP-dc:Title", "IPTC:ObjectName", "IFD0:XPTitle", "PNG:Title"]
    private static let keywordTags = [
        "XMP-dc:Subject", "IPTC:Keywords", "XMP-digiKam:TagsList", "XMP-lr:HierarchicalSubject",
        "IFD0:XPKeywords", "XMP-microsoft:LastKeywordXMP",
    ]
    private static let descriptionTags = [
        "PNG:Description", "IFD0:XPComment", "ExifIFD:UserComment",
    ]

    /// - Parameter members: of exiftool's object for a file.
    init(_ members: [JSONValue.Member]) {
        values = Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }
    }

    private init(values: [String: JSONValue]) { self.values = values }

    /// The field's words, without blanks around them; `nil` where there are none, or such as cameras put
    /// there by themselves. In another language where there are only those.
    func text(_ tag: String) -> String? {
        let value =
            values[tag]
            ?? values.filter { $0.key.hasPrefix(tag + "-") }.min { $0.key < $1.key }?.value
        guard let words = value.flatMap(Self.texts)?.joined(separator: ", ") else { return nil }
        let text = words.trimmingBlanks
        return text.isEmpty || Self.isCamerasOwn(text) ? nil : text
    }

    func text(_ field: WordField) -> String? { text(field.rawValue) }

    /// The value as it stands, whatever it is.
    func raw(_ tag: String) -> String? { values[tag].flatMap(Self.texts)?.first }

    var words: PictureWords {
        var words = PictureWords()
        words.title = Self.titleTags.lazy.compactMap(text).first
        words.description =
            (WordField.descriptions.map(\.rawValue) + Self.descriptionTags).lazy.compactMap(text)
            .first
        words.altText = text(.altText)
        for tag in Self.keywordTags {
            for text in values[tag].flatMap(Self.texts) ?? [] {
                // XPKeywords has them in one text; paths name the tree that they stand in.
                let parts = tag == "IFD0:XPKeywords" ? text.split(separator: ";") : [text[...]]
                for part in parts {
                    let leaf = part.split(whereSeparator: { $0 == "|" || $0 == "/" }).last ?? part
                    let keyword = String(leaf).trimmingBlanks
                    if !keyword.isEmpty, !words.keywords.contains(keyword) {
                        words.keywords.append(keyword)
                    }
                }
            }
        }
        return words
    }

    private static func texts(_ value: JSONValue) -> [String]? {
        switch value {
        case .string(let text): [text]
        case .integer(let number): ["\(number)"]
        case .number(let number): ["\(number)"]
        case .bool(let flag): ["\(flag)"]
        case .array(let elements): elements.compactMap(texts).flatMap(\.self)
        case .object, .null: nil
        }
    }

    /// Whether a camera or a program wrote it by itself.
    static func isCamerasOwn(_ text: String) -> Bool { camerasOwn.contains(text.uppercased()) }

    /// What cameras and programs write where a person would describe the picture.
    private static let camerasOwn: Set = [
        "OLYMPUS DIGITAL CAMERA", "SONY DSC", "DCIM", "SAMSUNG CAMERA PICTURES", "SAMSUNG",
        "MINOLTA DIGITAL CAMERA", "KONICA MINOLTA DIGITAL CAMERA", "DIGITAL CAMERA",
        "EXIF_JPEG_PICTURE",
        "EXIF JPEG", "DEFAULT", "UNTITLED", "JPEG_QUALITY", "BINARY COMMENT", "CHARSET=ASCII",
    ]
}

extension StringProtocol {
    /// Without blanks, line ends and zeros around it.
    var trimmingBlanks: String {
        let isBlank = { (character: Character) in character.isWhitespace || character == "\0" }
        return String(drop { isBlank($0) }.reversed().drop { isBlank($0) }.reversed())
    }
}
