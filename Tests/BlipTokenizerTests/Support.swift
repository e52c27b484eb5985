import Foundation
import Testing

@testable import BlipTokenizer

/// What `Tools/tokenizer-reference/record.py` recorded.
enum Fixtures {
    struct Case: Decodable {
        var text: String?
        var count: Int?
        var ids: [Int]
        var decoded: String?
        var decodedWithSpecial: String?
        var cleaned: String?
        var length: Int?
        var plain: [Int]?
    }

    static func url(_ name: String) throws -> URL {
        try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/\(name)")
    }

    static func lines(_ name: String) throws -> [Substring] {
        try String(contentsOf: url(name), encoding: .utf8).split(separator: "\n")
    }

    static func cases(_ name: String) throws -> [Case] {
        let decoder = JSONDecoder()
        return try lines(name).map { try decoder.decode(Case.self, from: Data($0.utf8)) }
    }

    /// BERT uncased's.
    static let vocabulary = Result {
        try VocabularyFile.tokens(Array(Data(contentsOf: url("vocab.txt"))), path: "vocab.txt")
    }

    static let uncased = Result { try WordPieceTokenizer(vocabulary: vocabulary.get()) }

    static let blip = Result {
        try WordPieceTokenizer(
            vocabulary: vocabulary.get(), addedTokens: [AddedToken("[DEC]"), AddedToken("[ENC]")])
    }

    /// A small vocabulary for tests of files.
    static let tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##b", "dog"]
}

/// A folder with the files given, gone after `body`.
func withFolder<R>(_ files: [String: String], _ body: (URL) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("tokenizer-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    return try body(folder)
}

/// A generator that gives the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        // SplitMix64 (Steele, Lea and Flood, 2014).
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
