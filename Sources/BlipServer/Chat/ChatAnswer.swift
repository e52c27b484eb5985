import BLIP

/// An answer to a chat.
struct ChatAnswer: Sendable {
    let text: String
    let tokenCount: Int
    /// Whether it ended since it may have no more tokens.
    let isCut: Bool
    let decodeTime: Duration
    /// The tokens' probabilities, where it is one text of the model.
    let generated: GeneratedText?

    init(_ text: GeneratedText) {
        self.text = text.text
        tokenCount = text.tokenIDs.count
        isCut = text.isCut
        decodeTime = text.timings.decode
        generated = text
    }

    /// - Parameter texts: of several pictures, with the pictures' numbers. Where all agree it is said once,
    ///   else one after another, such as `1, 2: yes. 3: no`.
    init(joining texts: [(picture: Int, text: GeneratedText)]) {
        var runs: [(pictures: [Int], text: String)] = []
        for (picture, text) in texts {
            if runs.last?.text == text.text {
                runs[runs.count - 1].pictures.append(picture)
            } else {
                runs.append(([picture], text.text))
            }
        }
        text =
            runs.count == 1
            ? runs[0].text
            : runs.map { run in
                "\(run.pictures.map(String.init).joined(separator: ", ")): \(run.text)"
            }.joined(separator: ". ")
        tokenCount = texts.reduce(0) { $0 + $1.text.tokenIDs.count }
        isCut = texts.contains { $0.text.isCut }
        decodeTime = texts.reduce(.zero) { $0 + $1.text.timings.decode }
        generated = nil
    }
}

extension GeneratedText {
    /// Without an end token, which has a probability too.
    fileprivate var isCut: Bool { logProbabilities.count <= tokenIDs.count }
}
