import Foundation

/// What a picture's file, or the sidecar beside it, says of it: words that a person or another program wrote.
package struct ExistingWords: Sendable, Hashable, Codable {
    /// `dc:title`.
    package var title: String?
    /// `dc:description`, IPTC's Caption-Abstract or EXIF's ImageDescription.
    package var description: String?
    /// `Iptc4xmpCore:AltTextAccessibility`.
    package var altText: String?
    /// `dc:subject`, IPTC's Keywords, and what digiKam and Lightroom write of them.
    package var keywords: [String]

    /// Makes words; without any, none.
    package init(
        title: String? = nil, description: String? = nil, altText: String? = nil,
        keywords: [String] = []
    ) {
        self.title = title
        self.description = description
        self.altText = altText
        self.keywords = keywords
    }

    /// Whether there are none.
    package var isEmpty: Bool { self == ExistingWords() }

    /// Takes over what is not there yet; keywords of both are kept.
    package mutating func add(_ other: ExistingWords) {
        title = title ?? other.title
        description = description ?? other.description
        altText = altText ?? other.altText
        var known = Set(keywords)
        keywords += other.keywords.filter { known.insert($0).inserted }
    }
}

extension ExistingWords {
    /// As a library keeps them; `nil` for none.
    var json: String? {
        isEmpty
            ? nil : (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) }
    }

    init(json: String?) {
        self =
            json.flatMap { try? JSONDecoder().decode(ExistingWords.self, from: Data($0.utf8)) }
            ?? .init()
    }
}
