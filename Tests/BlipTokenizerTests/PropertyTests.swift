import Testing

@testable import BlipTokenizer

/// What holds for every text.
@Suite struct PropertyTests {
    private func randomText(_ generator: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...40, using: &generator) {
            let limit: UInt32 =
                [7, 10, 16, 20].randomElement(using: &generator).map { 1 << $0 } ?? 1
            if let scalar = Unicode.Scalar(.random(in: 0..<limit, using: &generator)) {
                text.append(scalar)
            }
        }
        return String(text)
    }

    @Test func everyText() throws {
        let tokenizer = try Fixtures.blip.get()
        var generator = SeededGenerator(state: 2)
        for _ in 0..<300 {
            let text = randomText(&generator)
            let ids = tokenizer.encode(text)
            #expect(ids.allSatisfy { $0 >= 0 && $0 < tokenizer.count }, "\(text.debugDescription)")
            #expect(ids.first == tokenizer.clsID && ids.last == tokenizer.sepID)
            // What has been decoded once stays as it is.
            let decoded = tokenizer.decode(ids)
            #expect(tokenizer.decode(tokenizer.encode(decoded)) == decoded)
            let length = Int.random(in: 2...20, using: &generator)
            let cut = tokenizer.encode(text, maximumLength: length)
            #expect(cut.count == min(length, ids.count) && cut.last == tokenizer.sepID)
            #expect(cut.dropLast() == ids.prefix(cut.count - 1))
        }
    }

    @Test func everyID() throws {
        let tokenizer = try Fixtures.blip.get()
        for id in 0..<tokenizer.count {
            let token = try #require(tokenizer.token(for: id))
            #expect(tokenizer.id(of: token) == id)
        }
    }

    /// Quadratic time would take minutes.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "a", "a dog ", "[", "[SEP]", "\u{301}", "\u{302E}\u{1D16D}", "中", " ", ".", "e\u{301}",
            "\u{200D}", "x\u{3099}",
        ])
    func longText(_ unit: String) throws {
        let tokenizer = try Fixtures.blip.get()
        let text = String(repeating: unit, count: 50_000 / unit.unicodeScalars.count)
        let ids = tokenizer.encode(text, maximumLength: 512)
        #expect(ids.count <= 512)
    }
}
