/// A field that is one of a few words. Another one is refused by a sentence that lists them.
package protocol Keyword: RawRepresentable, CaseIterable, Decodable where RawValue == String {}

extension Keyword {
    package init(from decoder: any Decoder) throws {
        let word = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(rawValue: word) else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "\"\(word.prefix(40))\" is none of \(known); send one of them"
                ))
        }
        self = value
    }
}
