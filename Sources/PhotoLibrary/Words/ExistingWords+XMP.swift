extension ExistingWords {
    /// Reads XMP: what `dc`, IPTC, digiKam and Lightroom have of words, as elements or as attributes.
    ///
    /// - Throws: ``ElementReader/Refusal`` for what is no XML, has a document type, or is too large.
    init(xmp bytes: [UInt8]) throws(ElementReader.Refusal) {
        self.init()
        guard bytes.count <= Self.largest else {
            throw ElementReader.Refusal(reason: "it is larger than 16 MiB")
        }
        var reader = ElementReader(try Self.text(of: bytes))
        var parser = PropertyParser()
        while let event = try reader.next() { parser.take(event) }
        guard parser.hasElements else { throw ElementReader.Refusal(reason: "it has no element") }
        title = parser.first(.title)
        description = parser.first(.description)
        altText = parser.first(.altText)
        add(ExistingWords(keywords: parser.all(.subject) + parser.all(.tags).compactMap(\.leaf)))
    }

    private static let largest = 16 << 20

    private static func text(of bytes: [UInt8]) throws(ElementReader.Refusal) -> String {
        let isUTF16 = bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE])
        if isUTF16 {
            let isBig = bytes.first == 0xFE
            let units = stride(from: 2, to: bytes.count - 1, by: 2).map { index -> UInt16 in
                let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
                return isBig ? first << 8 | second : second << 8 | first
            }
            return String(decoding: units, as: UTF16.self)
        }
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        guard let text = String(validating: bytes.dropFirst(hasMark ? 3 : 0), as: UTF8.self) else {
            throw ElementReader.Refusal(reason: "it is no UTF-8")
        }
        return text
    }
}

/// Collects the values of the properties that are of interest.
private struct PropertyParser {
    /// A property by its local name; prefixes are bound as one likes, and no two of these have the same.
    enum Property: String {
        case title
        case description
        case altText = "AltTextAccessibility"
        case subject
        case tags = "TagsList"
    }

    private(set) var hasElements = false
    private var names: [String] = []
    private var property: (Property, depth: Int)?
    private var text = ""
    private var values: [(property: Property, language: String?, text: String)] = []
    private var language: String?

    mutating func take(_ event: ElementReader.Event) {
        switch event {
        case .start(let name, let attributes):
            hasElements = true
            let local = name.localName
            names.append(local)
            text = ""
            language = attributes["xml:lang"]
            if property == nil, let found = Property(rawValue: local), name.hasPlainPrefix {
                property = (found, names.count)
            }
            // The short form: values that are plain texts may be attributes of rdf:Description.
            // Sorted, so that of two that mean the same it is the same one each time.
            if local == "Description" {
                for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
                    if let found = Property(rawValue: key.localName), key.hasPlainPrefix {
                        add(found, nil, value)
                    }
                }
            }
        case .text(let part): text += part
        case .end:
            let name = names.popLast()
            if let (found, depth) = property {
                if name == "li" || names.count + 1 == depth { add(found, language, text) }
                if names.count < depth { property = nil }
            }
            text = ""
        }
    }

    private mutating func add(_ property: Property, _ language: String?, _ text: String) {
        let text = text.trimmed
        if !text.isEmpty { values.append((property, language, text)) }
    }

    func all(_ property: Property) -> [String] {
        values.filter { $0.property == property }.map(\.text)
    }

    /// Of a text in several languages the default one.
    func first(_ property: Property) -> String? {
        let found = values.filter { $0.property == property }
        return (found.first { $0.language == "x-default" } ?? found.first)?.text
    }
}

extension String {
    fileprivate var localName: String { split(separator: ":").last.map(String.init) ?? self }

    /// `rdf:Description` is a node, and `exif:description` would be a property.
    fileprivate var hasPlainPrefix: Bool { !hasPrefix("rdf:") && !hasPrefix("xmlns:") }

    /// digiKam writes `Places/Iceland/Vik`, Lightroom `Places|Iceland|Vik`.
    fileprivate var leaf: String? { split { $0 == "/" || $0 == "|" }.last.map(String.init) }
}
