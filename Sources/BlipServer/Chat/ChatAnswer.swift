import BLIP
import BlipJSON
import Foundation

/// An answer to a chat.
struct ChatAnswer: Sendable {
    private(set) var text: String
    var tokenCount = 0
    /// Whether it ended since it may have no more tokens.
    private(set) var isCut = false
    var decodeTime = Duration.zero
    /// The tokens' probabilities, where it is one text of the model.
    private(set) var generated: GeneratedText?
    /// JSON by a schema, with what is likely of it.
    private(set) var structure: Filling?

    init(_ text: GeneratedText) {
        self.text = text.text
        tokenCount = text.tokenIDs.count
        isCut = text.isCut
        decodeTime = text.timings.decode
        generated = text
    }

    init(_ text: String) { self.text = text }

    init(_ structure: Filling) {
        text = structure.value.json
        self.structure = structure
    }

    /// - Parameter answers: to several questions about one picture, such as `1. 2` and `2. yes`.
    init(numbering answers: [ChatAnswer]) {
        self.init(
            answers.enumerated().map { "\($0 + 1). \($1.text)" }.joined(separator: "\n"),
            of: answers)
    }

    /// - Parameter answers: of several pictures, with the pictures' numbers. Where all agree it is said
    ///   once, else one after another, such as `1, 2: yes. 3: no`.
    init(joining answers: [(picture: Int, answer: ChatAnswer)]) {
        var runs: [(pictures: [Int], text: String)] = []
        for (picture, answer) in answers {
            if runs.last?.text == answer.text {
                runs[runs.count - 1].pictures.append(picture)
            } else {
                runs.append(([picture], answer.text))
            }
        }
        let text =
            runs.count == 1
            ? runs[0].text
            : runs.map { run in
                "\(run.pictures.map(String.init).joined(separator: ", ")): \(run.text)"
            }.joined(separator: ". ")
        self.init(text, of: answers.map(\.answer))
    }

    private init(_ text: String, of parts: [ChatAnswer]) {
        self.text = text
        tokenCount = parts.reduce(0) { $0 + $1.tokenCount }
        isCut = parts.contains(where: \.isCut)
        decodeTime = parts.reduce(.zero) { $0 + $1.decodeTime }
    }

    /// The answer up to the first of some texts, without which it stands as it is.
    func ending(before stops: [String]) -> ChatAnswer {
        let ends = stops.compactMap { text.range(of: $0)?.lowerBound }
        guard structure == nil, let end = ends.min() else { return self }
        var answer = self
        answer.text = String(text[..<end])
        answer.isCut = false
        return answer
    }
}

extension GeneratedText {
    /// Without an end token, which has a probability too.
    fileprivate var isCut: Bool { logProbabilities.count <= tokenIDs.count }
}
