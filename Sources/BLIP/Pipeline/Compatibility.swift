/// Whose treatment of questions is followed.
public enum Compatibility: String, Sendable, Hashable, CaseIterable {
    /// As transformers' processor and `BlipForQuestionAnswering` do: the question as it is, [CLS]
    /// before it.
    case transformers
    /// As Salesforce's original does: lower case, without the characters `.!"()*#:;~`, 50 words and
    /// 35 tokens at most, [ENC] before it.
    case salesforce
}

extension BlipModel {
    /// A question's tokens.
    func tokens(of question: String, _ compatibility: Compatibility) throws(BlipError) -> [Int] {
        guard compatibility == .salesforce else { return tokenizer.encode(question) }
        // The published tokenizers do not know [ENC]; the original adds it right after [DEC].
        let marker = tokenizer.id(of: "[ENC]") ?? configuration.text.beginTokenID + 1
        guard marker < configuration.text.vocabularySize else {
            throw BlipError(
                .invalidOption,
                "\(folder.lastPathComponent): the model has no [ENC], which the original's "
                    + "treatment of questions needs; use that of transformers")
        }
        var cleaned = question.lowercased().filter { !".!\"()*#:;~".contains($0) }
        while cleaned.hasSuffix(" ") { cleaned.removeLast() }
        let words = cleaned.split(separator: " ", omittingEmptySubsequences: false)
        let ids = tokenizer.encode(
            words.prefix(50).joined(separator: " "), maximumLength: 35)
        return [marker] + ids.dropFirst()
    }
}

extension GenerationOptions {
    /// What Salesforce's original answers questions with: 3 beams, 10 tokens at most.
    package static let salesforceAnswers: GenerationOptions = {
        var options = GenerationOptions(maximumLength: 10, minimumLength: 1)
        options.beamCount = 3
        return options
    }()
}
