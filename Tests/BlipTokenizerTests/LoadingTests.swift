import Foundation
import Testing

@testable import BlipTokenizer

@Suite struct LoadingTests {
    /// As transformers' `save_pretrained` wrote it, tokenizer.json and all.
    @Test func savedFolder() throws {
        let tokenizer = try WordPieceTokenizer(folder: Fixtures.url("small"))
        let cases = try Fixtures.cases("small/cases.jsonl")
        #expect(cases.count == 4)
        for expected in cases {
            let text = try #require(expected.text)
            #expect(tokenizer.encode(text) == expected.ids, "\(text)")
            #expect(tokenizer.decode(expected.ids) == expected.decoded, "\(text)")
        }
        // Canonically equivalent, and two tokens all the same.
        #expect(tokenizer.id(of: "\u{91D1}") == 25)
        #expect(tokenizer.id(of: "\u{F90A}") == 26)
    }

    /// Folders whose files contradict one another.
    @Test func whichFileCounts() throws {
        struct Case: Decodable {
            let files: [String: String]
            let text: String
            let ids: [Int]
            let decoded: String
        }
        let cases = try Fixtures.lines("folders.jsonl").map {
            try JSONDecoder().decode(Case.self, from: Data($0.utf8))
        }
        #expect(cases.count == 16)
        for expected in cases {
            let tokenizer = try withFolder(expected.files) { try WordPieceTokenizer(folder: $0) }
            let settings = expected.files["tokenizer_config.json"] ?? "no tokenizer_config.json"
            #expect(tokenizer.encode(expected.text) == expected.ids, "\(settings)")
            #expect(tokenizer.decode(expected.ids) == expected.decoded, "\(settings)")
        }
    }

    @Test func vocabularyFile() throws {
        let folder = try Fixtures.url("small").deletingLastPathComponent()
        let tokenizer = try WordPieceTokenizer(folder: folder)
        #expect(tokenizer.count == 30522)
        #expect(tokenizer.encode("a [SEP]") == [101, 1037, 102, 102])
        #expect(tokenizer.padID == 0 && tokenizer.unkID == 100)
        #expect(tokenizer.clsID == 101 && tokenizer.sepID == 102)
        #expect(tokenizer.token(for: 3899) == "dog")
        #expect(tokenizer.token(for: 30522) == nil && tokenizer.token(for: -1) == nil)
        #expect(tokenizer.id(of: "dog") == 3899 && tokenizer.id(of: "[DEC]") == nil)
    }

    private let vocabulary = Fixtures.tokens.joined(separator: "\n")

    @Test(arguments: ["\n", "\r\n", " \n", "\u{3000}\r\n"])
    func lineEnds(_ end: String) throws {
        let text = "\u{FEFF}" + Fixtures.tokens.map { $0 + end }.joined()
        let tokenizer = try withFolder(["vocab.txt": text]) { try WordPieceTokenizer(folder: $0) }
        #expect(tokenizer.count == 8)
        #expect(tokenizer.encode("DOG ab") == [2, 7, 5, 6, 3])
    }

    /// The ways in which BLIP folders name [DEC] and [ENC].
    @Test(arguments: [
        ["added_tokens.json": #"{"[ENC]": 9, "[DEC]": 8}"#],
        [
            "added_tokens.json": #"{"[ENC]": 9, "[DEC]": 8}"#,
            "special_tokens_map.json":
                #"{"bos_token": "[DEC]", "additional_special_tokens": ["[ENC]"]}"#,
        ],
        [
            "tokenizer_config.json":
                #"{"bos_token": {"content": "[DEC]"}, "extra_special_tokens": ["[ENC]"]}"#
        ],
        [
            "tokenizer_config.json": #"""
            {"added_tokens_decoder": {"9": {"content": "[ENC]", "special": true},
            "8": {"content": "[DEC]", "special": true, "normalized": false}}}
            """#
        ],
    ])
    func addedTokens(_ files: [String: String]) throws {
        let files = files.merging(["vocab.txt": vocabulary]) { first, _ in first }
        let tokenizer = try withFolder(files) { try WordPieceTokenizer(folder: $0) }
        #expect(tokenizer.count == 10)
        #expect(tokenizer.id(of: "[DEC]") == 8 && tokenizer.token(for: 9) == "[ENC]")
        #expect(tokenizer.encode("[DEC]a[ENC]") == [2, 8, 5, 9, 3])
        let isSpecial = files["added_tokens.json"] == nil || files.count == 3
        #expect(tokenizer.decode([2, 8, 5, 3]) == (isSpecial ? "a" : "[dec] a"))
    }

    @Test func settings() throws {
        let tokens = Fixtures.tokens + ["é", "É", "中中", "<s>", "</s>", "."]
        let config = #"""
            {"do_lower_case": false, "strip_accents": false, "tokenize_chinese_chars": false,
            "cls_token": "<s>", "sep_token": {"content": "</s>"}, "clean_up_tokenization_spaces": true}
            """#
        let files = [
            "vocab.txt": tokens.joined(separator: "\n"), "tokenizer_config.json": config,
        ]
        let tokenizer = try withFolder(files) { try WordPieceTokenizer(folder: $0) }
        #expect(tokenizer.encode("é É 中中 </s>") == [11, 8, 9, 10, 12, 12])
        #expect(tokenizer.decode([5, 13]) == "a.")
    }

    @Test func initializer() throws {
        let tokenizer = try WordPieceTokenizer(
            vocabulary: Fixtures.tokens, addedTokens: [AddedToken("[DEC]"), AddedToken("[ENC]")])
        #expect(tokenizer.encode("[ENC] dog a") == [2, 9, 7, 5, 3])
        #expect(tokenizer.encode("") == [2, 3])
        #expect(tokenizer.encode("", addingSpecialTokens: false).isEmpty)
        #expect(tokenizer.decode([]).isEmpty)
    }

    /// The example of the library's page.
    @Test func documented() throws {
        let checkpoint = try Fixtures.url("small").deletingLastPathComponent()
        let tokenizer = try WordPieceTokenizer(folder: checkpoint)
        let ids = tokenizer.encode("How many dogs are there?", maximumLength: 35)
        let text = tokenizer.decode(ids)  // "how many dogs are there?"
        #expect(text == "how many dogs are there?")
        #expect(
            tokenizer.encode("sunbathing", addingSpecialTokens: false)
                .map { tokenizer.token(for: $0) } == ["sun", "##bat", "##hing"])
    }
}
