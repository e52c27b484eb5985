import Testing

@testable import BlipTokenizer

/// Every Unicode scalar value, alone and between letters, against the reference.
@Suite struct UnicodeTests {
    @Test(arguments: [("uncased", true), ("cased", false)])
    func everyScalar(_ name: String, lowercases: Bool) throws {
        let tokenizer = try WordPieceTokenizer(
            vocabulary: Fixtures.vocabulary.get(), lowercases: lowercases)
        var start: UInt32 = 0
        for line in try Fixtures.lines("unicode-\(name).txt") {
            let fields = line.split(separator: " ")
            let (hash, count) = (String(fields[0]), try #require(Int(fields[1])))
            for index in 0..<count {
                if start == 0xD800 { start = 0xE000 }
                // Where hundreds of blocks are alike, the ends tell.
                if index < 4 || index >= count - 4 || index % 64 == 0 {
                    let ids = [alone(start), between(start)].map { tokenizer.encode($0) }
                    #expect(
                        fnv1a(ids.joined()) == hash, "U+\(String(start, radix: 16)) and 255 more")
                }
                start += 256
            }
        }
        #expect(start == 0x11_0000)
    }

    private func block(_ start: UInt32) -> [String] {
        (start..<start + 256).compactMap { Unicode.Scalar($0).map { String($0) } }
    }

    private func alone(_ start: UInt32) -> String {
        block(start).joined(separator: " ")
    }

    private func between(_ start: UInt32) -> String {
        block(start).map { "a\($0)b" }.joined(separator: " ")
    }

    private func fnv1a(_ ids: some Sequence<Int>) -> String {
        let hash = ids.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { hash, id in
            (hash ^ UInt64(truncatingIfNeeded: id)) &* 0x100_0000_01B3
        }
        return String(hash, radix: 16)
    }
}
