import Testing

@testable import BlipTokenizer

/// Against what Hugging Face's libraries answered.
@Suite struct ReferenceTests {
    struct Variant: Sendable, CustomTestStringConvertible {
        var name: String
        var lowercases = true
        var stripsAccents: Bool?
        var spacesChinese = true
        var cleans = true
        var added: [AddedToken] = []

        var testDescription: String { name }

        func tokenizer() throws -> WordPieceTokenizer {
            var parts = TokenizerParts(
                source: "vocab.txt", vocabulary: try Fixtures.vocabulary.get())
            parts.normalizer = BertNormalizer(
                cleansText: cleans, spacesChineseCharacters: spacesChinese,
                stripsAccents: stripsAccents, lowercases: lowercases)
            parts.addDefaultSpecialTokens()
            for token in added { parts.add(token) }
            return try WordPieceTokenizer(parts)
        }
    }

    static let added = [
        AddedToken("[DEC]"), AddedToken("[ENC]"),
        AddedToken("FooBar", isSpecial: false, isNormalized: true),
        AddedToken("<img>", isSpecial: false, stripsLeft: true, stripsRight: true),
        AddedToken("word", isSpecial: false, isSingleWord: true),
        AddedToken("Été", isSpecial: false, isNormalized: true),
        AddedToken("<l>", isSpecial: false, stripsLeft: true),
        AddedToken("<r>", isSpecial: false, stripsRight: true),
        AddedToken("[SEP]]"),
    ]

    @Test(arguments: [
        Variant(name: "uncased"), Variant(name: "blip", added: Array(added.prefix(2))),
        Variant(name: "added", added: added), Variant(name: "cased", lowercases: false),
        Variant(name: "accents", stripsAccents: false),
        Variant(name: "stripped", lowercases: false, stripsAccents: true),
        Variant(name: "unspaced", spacesChinese: false), Variant(name: "uncleaned", cleans: false),
    ])
    func encodesAndDecodes(_ variant: Variant) throws {
        let tokenizer = try variant.tokenizer()
        let cases = try Fixtures.cases("\(variant.name).jsonl")
        #expect(cases.count > 200)
        for expected in cases {
            let text = try #require(expected.text)
            let ids = tokenizer.encode(String(repeating: text, count: expected.count ?? 1))
            #expect(ids == expected.ids, "\(text.debugDescription)")
            let decoded = try #require(expected.decoded)
            // On scalars: as strings, canonically equivalent ones would be equal.
            #expect(
                tokenizer.decode(expected.ids).scalarValues == decoded.scalarValues,
                "\(text.debugDescription)")
            let withSpecial = expected.decodedWithSpecial ?? "[CLS] \(decoded) [SEP]"
            #expect(
                tokenizer.decode(expected.ids, skippingSpecialTokens: false).scalarValues
                    == withSpecial.scalarValues, "\(text.debugDescription)")
        }
    }

    @Test func decodesAnyIDs() throws {
        let tokenizer = try Fixtures.blip.get()
        var parts = TokenizerParts(source: "", vocabulary: try Fixtures.vocabulary.get())
        parts.addDefaultSpecialTokens()
        parts.add(AddedToken("[DEC]"))
        parts.add(AddedToken("[ENC]"))
        parts.cleansText = true
        let cleaning = try WordPieceTokenizer(parts)
        for expected in try Fixtures.cases("decoding.jsonl") {
            let decoded = try #require(expected.decoded)
            #expect(tokenizer.decode(expected.ids) == decoded, "\(expected.ids)")
            let withSpecial = tokenizer.decode(expected.ids, skippingSpecialTokens: false)
            #expect(withSpecial == (expected.decodedWithSpecial ?? decoded), "\(expected.ids)")
            let cleaned = cleaning.decode(expected.ids)
            #expect(cleaned == (expected.cleaned ?? decoded), "\(expected.ids)")
        }
        #expect(tokenizer.decode([-1, 3899, .max, .min]) == "dog")
    }

    @Test func truncates() throws {
        let tokenizer = try Fixtures.uncased.get()
        for expected in try Fixtures.cases("truncation.jsonl") {
            let (text, length) = (try #require(expected.text), try #require(expected.length))
            #expect(tokenizer.encode(text, maximumLength: length) == expected.ids)
            let plain = tokenizer.encode(text, addingSpecialTokens: false, maximumLength: length)
            #expect(plain == expected.plain)
        }
        for length in [1, 0, -1, .min] {
            #expect(tokenizer.encode("a dog", maximumLength: length) == [101, 102])
            #expect(
                tokenizer.encode("a dog", addingSpecialTokens: false, maximumLength: length)
                    == (length == 1 ? [1037] : []))
        }
    }
}
