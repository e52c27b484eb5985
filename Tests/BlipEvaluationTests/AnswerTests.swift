import BlipEvaluation
import Testing

@Suite("Answers are scored by VQA's published rules")
struct AnswerTests {
    @Test func normalization() throws {
        for form in try Golden.answers().normalized {
            let ours = AnswerNormalization.normalized(form.text)
            #expect(
                ours.utf8.elementsEqual(form.normalized.utf8),
                "\(form.text): \(ours) is not \(form.normalized)")
        }
    }

    @Test func accuracy() throws {
        let recorded = try Golden.answers()
        #expect(recorded.questions.count > 40)
        let cases = recorded.questions.map {
            AnswerCase(
                candidate: $0.candidate, answers: $0.answers, answerType: $0.answerType,
                questionType: $0.questionType)
        }
        for (item, expected) in zip(cases, recorded.each) {
            let ours = VQAAccuracy.accuracy(of: item.candidate, answers: item.answers)
            #expect(abs(ours - expected) < 1e-9, "\(item)")
        }
        let accuracy = try VQAAccuracy(of: cases)
        #expect(abs(accuracy.overall - recorded.overall) < 1e-9)
        expect(accuracy.byAnswerType, recorded.byAnswerType)
        expect(accuracy.byQuestionType, recorded.byQuestionType)
        #expect(accuracy.byAnswerType.map(\.count).reduce(0, +) == cases.count)
    }

    private func expect(_ groups: [VQAAccuracy.Group], _ recorded: [String: Double]) {
        #expect(Set(groups.map(\.name)) == Set(recorded.keys))
        for group in groups {
            #expect(abs(group.accuracy - (recorded[group.name] ?? -1)) < 1e-9, "\(group.name)")
        }
    }

    @Test func nothingToScore() {
        #expect { try VQAAccuracy(of: []) } throws: {
            ($0 as? EvaluationError)?.code == .nothingToScore
        }
        #expect { try VQAAccuracy(of: [AnswerCase(candidate: "yes", answers: [])]) } throws: {
            ($0 as? EvaluationError)?.code == .missingReference
        }
    }
}
