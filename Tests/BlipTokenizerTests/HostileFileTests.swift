import BlipJSON
import Foundation
import Testing

@testable import BlipTokenizer

/// Files that are broken, by accident or on purpose: a clear error, never a trap.
@Suite struct HostileFileTests {
    private func refusal(_ files: [String: String]) -> TokenizerError? {
        #expect(throws: TokenizerError.self) {
            try withFolder(files) { _ = try WordPieceTokenizer(folder: $0) }
        }
    }

    private static let model =
        #"{"type":"WordPiece","vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"a":4}}"#

    @Test func intact() throws {
        let json = #"{"model":\#(Self.model)}"#
        let tokenizer = try withFolder(["tokenizer.json": json]) {
            try WordPieceTokenizer(folder: $0)
        }
        #expect(tokenizer.encode("A [SEP]") == [2, 4, 3, 3])
    }

    @Test(arguments: [
        ("", TokenizerError.Code.malformedFile), ("{", .malformedFile), ("[]", .malformedFile),
        ("null", .malformedFile), ("{} {}", .malformedFile), ("{\"model\":7}", .malformedFile),
        (#"{"model":{}}"#, .malformedFile), (#"{"model":{"vocab":[]}}"#, .malformedFile),
        (#"{"model":{"vocab":{}}}"#, .invalidVocabulary),
        (#"{"model":{"vocab":{"":0}}}"#, .invalidVocabulary),
        (#"{"model":{"vocab":{"a":"0"}}}"#, .malformedFile),
        (#"{"model":{"vocab":{"a":-1}}}"#, .malformedFile),
        (#"{"model":{"vocab":{"a":0.5}}}"#, .malformedFile),
        (#"{"model":{"vocab":{"a":1e300}}}"#, .malformedFile),
        (#"{"model":{"vocab":{"a":0,"b":0}}}"#, .invalidVocabulary),
        (#"{"model":{"vocab":{"a":0,"a":1}}}"#, .invalidVocabulary),
        (#"{"model":{"vocab":{"a":0,"b":2}}}"#, .invalidVocabulary),
        (#"{"model":{"vocab":{"a":4294967295}}}"#, .invalidVocabulary),
        (#"{"model":{"vocab":{"[PAD]":0,"[CLS]":1,"[SEP]":2}}}"#, .missingSpecialToken),
        (#"{"model":{"vocab":{"[UNK]":0}}}"#, .missingSpecialToken),
        (#"{"model":{"type":"BPE","vocab":{"a":0}}}"#, .unsupported),
        (#"{"model":{"type":3,"vocab":{"a":0}}}"#, .unsupported),
        (#"{"model":{"vocab":{"a":0},"max_input_chars_per_word":-1}}"#, .malformedFile),
        (#"{"model":{"vocab":{"a":0},"unk_token":5}}"#, .malformedFile),
        (#"{"model":\#(model),"added_tokens":{}}"#, .malformedFile),
        (#"{"model":\#(model),"added_tokens":[{"id":5}]}"#, .malformedFile),
        (#"{"model":\#(model),"added_tokens":[{"content":"x"}]}"#, .malformedFile),
        (#"{"model":\#(model),"added_tokens":[{"id":6,"content":"x"}]}"#, .invalidVocabulary),
        (#"{"model":\#(model),"added_tokens":[{"id":3,"content":"a"}]}"#, .invalidVocabulary),
        (#"{"model":\#(model),"normalizer":{"type":"NFC"}}"#, .unsupported),
        (#"{"model":\#(model),"normalizer":"BertNormalizer"}"#, .unsupported),
        (
            #"{"model":\#(model),"normalizer":{"type":"BertNormalizer","lowercase":1}}"#,
            .malformedFile
        ),
        (#"{"model":\#(model),"pre_tokenizer":{"type":"Whitespace"}}"#, .unsupported),
        (#"{"model":\#(model),"decoder":{"type":"BPEDecoder"}}"#, .unsupported),
        (#"{"model":\#(model),"post_processor":{"type":"ByteLevel"}}"#, .unsupported),
        (#"{"model":\#(model),"post_processor":{"type":"BertProcessing"}}"#, .malformedFile),
        (#"{"model":\#(model),"post_processor":{"type":"TemplateProcessing"}}"#, .malformedFile),
        (
            #"{"model":\#(model),"post_processor":{"type":"TemplateProcessing","single":["#
                + #"{"SpecialToken":{"id":"<s>"}},{"Sequence":{}}]}}"#, .missingSpecialToken
        ),
        (String(repeating: "[", count: 100_000), .malformedFile),
        (String(repeating: #"{"a":"#, count: 100_000), .malformedFile),
    ])
    func tokenizerFile(_ json: String, _ code: TokenizerError.Code) throws {
        // A class that takes all of the file.
        let settings = #"{"tokenizer_class": "PreTrainedTokenizerFast"}"#
        let files = ["tokenizer.json": json, "tokenizer_config.json": settings]
        let error = try #require(refusal(files))
        #expect(error.code == code, "\(error)")
        #expect(error.description.contains("tokenizer.json"))
    }

    @Test(arguments: [
        (["vocab.txt": ""], TokenizerError.Code.invalidVocabulary),
        (["vocab.txt": "\n\r\n"], .invalidVocabulary), (["vocab.txt": "\n"], .invalidVocabulary),
        (["vocab.txt": "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\na"], .invalidVocabulary),
        (["vocab.txt": "[PAD]\n[CLS]\n[SEP]\na"], .missingSpecialToken),
        ([:], .missingFile),
    ])
    func vocabularyFile(_ files: [String: String], _ code: TokenizerError.Code) throws {
        let error = try #require(refusal(files))
        #expect(error.code == code, "\(error)")
        #expect(error.localizedDescription == error.description)
    }

    @Test(arguments: [
        ("tokenizer_config.json", "nonsense", TokenizerError.Code.malformedFile),
        ("tokenizer_config.json", #"{"added_tokens_decoder":{"x":{}}}"#, .malformedFile),
        ("tokenizer_config.json", #"{"unk_token":"<unk>"}"#, .missingSpecialToken),
        (
            "tokenizer_config.json", #"{"added_tokens_decoder":{"99":{"content":"[DEC]"}}}"#,
            .invalidVocabulary
        ),
        ("added_tokens.json", #"{"[DEC]":true}"#, .malformedFile),
        ("added_tokens.json", #"{"[DEC]":99}"#, .invalidVocabulary),
        ("special_tokens_map.json", "{", .malformedFile),
    ])
    func smallFiles(_ name: String, _ json: String, _ code: TokenizerError.Code) throws {
        let vocabulary = Fixtures.tokens.joined(separator: "\n")
        let error = try #require(refusal(["vocab.txt": vocabulary, name: json]))
        #expect(error.code == code, "\(error)")
    }

    @Test func notText() throws {
        try withFolder([:]) { folder in
            try Data([0x5B, 0xFF, 0x0A]).write(to: folder.appendingPathComponent("vocab.txt"))
            let error = #expect(throws: TokenizerError.self) {
                try WordPieceTokenizer(folder: folder)
            }
            #expect(error?.code == .malformedFile)
            try FileManager.default.createDirectory(
                at: folder.appendingPathComponent("tokenizer.json"),
                withIntermediateDirectories: false)
            let unreadable = #expect(throws: TokenizerError.self) {
                try WordPieceTokenizer(folder: folder)
            }
            #expect(unreadable?.code == .unreadableFile)
        }
    }

    /// A fuzz test with a fixed seed: a real file with a few bytes changed, cut or doubled.
    @Test func mutatedFiles() throws {
        let original = Array(try Data(contentsOf: Fixtures.url("small/tokenizer.json")))
        var generator = SeededGenerator(state: 1)
        var (loaded, refused) = (0, 0)
        for _ in 0..<400 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch UInt8.random(in: 0..<4, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                case 2: bytes[index] = UInt8(ascii: "0") + UInt8(index % 10)
                default: bytes.insert(contentsOf: bytes[index...].prefix(20), at: index)
                }
            }
            do {
                let json = try JSONValue(parsing: bytes)
                let parts = try TokenizerFile(json, path: "x").parts
                _ = try WordPieceTokenizer(parts).encode("a dog's [CLS] é")
                loaded += 1
            } catch {
                #expect(error is TokenizerError || error is JSONError)
                refused += 1
            }
        }
        #expect(loaded > 20 && refused > 100)
    }
}
