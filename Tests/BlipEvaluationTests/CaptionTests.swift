import BlipEvaluation
import Testing

@Suite("Captions are scored as pycocoevalcap does")
struct CaptionTests {
    @Test func tokens() throws {
        let recorded = try Golden.read("tokens", as: [Golden.Tokens].self)
        #expect(recorded.count > 40)
        for item in recorded {
            // Scalar by scalar: equal strings may differ in their bytes.
            let tokens = PTBTokenizer.tokens(of: item.text)
            #expect(
                tokens.map { Array($0.utf8) } == item.tokens.map { Array($0.utf8) },
                "\(item.text): \(tokens) is not \(item.tokens)")
        }
    }

    @Test func scores() throws {
        let recorded = try Golden.read("captions", as: [Golden.Captions].self)
        #expect(recorded.count > 10)
        for set in recorded {
            let cases = set.cases.map {
                TokenizedCase(CaptionCase(candidate: $0.candidate, references: $0.references))
            }
            let scores = try CaptionScores(ofTokenized: cases)
            expectEqual(scores.bleu, set.bleu, "BLEU of \(set.name)")
            expectEqual([scores.rougeL], [set.rougeL], "ROUGE-L of \(set.name)")
            expectEqual([scores.cider], [set.cider], "CIDEr of \(set.name)")
            expectEqual(ROUGE.scores(of: cases), set.rougeLEach, "ROUGE-L in \(set.name)")
            expectEqual(CIDEr.scores(of: cases), set.ciderEach, "CIDEr in \(set.name)")
        }
    }

    private func expectEqual(_ ours: [Double], _ theirs: [Double], _ what: String) {
        #expect(ours.count == theirs.count, "\(what)")
        for (our, their) in zip(ours, theirs) {
            #expect(abs(our - their) < 1e-6, "\(what): \(ours) is not \(theirs)")
        }
    }

    @Test func nothingToScore() {
        #expect { try CaptionScores(of: []) } throws: {
            ($0 as? EvaluationError)?.code == .nothingToScore
        }
        #expect {
            try CaptionScores(of: [CaptionCase(candidate: "a dog", references: [])])
        } throws: {
            ($0 as? EvaluationError)?.code == .missingReference
        }
    }

    /// Captions come from files of others: whatever is in them, the scanner ends and does not trap.
    @Test func anyTextHasTokens() {
        let pieces = Array(
            "aN'’`.-_/&;:<>=?!@#$,5½ \t\u{A0}\u{AD}\u{301}é日😀()[]{}\"nt".unicodeScalars)
        let words = [
            "www.", "http://", ".com/", "&#", "ph.d.", "n't", "<b", "cannot", "1 1/2", "u.s.",
        ]
        var state: UInt64 = 1
        func draw(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        for _ in 0..<5000 {
            var text = ""
            for _ in 0..<draw(16) {
                if draw(6) == 0 {
                    text += words[draw(words.count)]
                } else {
                    text.unicodeScalars.append(pieces[draw(pieces.count)])
                }
            }
            let tokens = PTBTokenizer.tokens(of: text)
            #expect(tokens.count <= 2 * text.unicodeScalars.count, "\(text)")
            #expect(!tokens.contains(""), "\(text)")
            _ = AnswerNormalization.normalized(text)
        }
    }
}
