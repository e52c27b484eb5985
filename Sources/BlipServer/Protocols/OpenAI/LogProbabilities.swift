import BLIP

/// How likely the model found each token of a text, as OpenAI's chat completions tell it.
struct LogProbabilities: Encodable, Sendable {
    struct Token: Encodable, Sendable {
        let token: String
        let logprob: Float
        let bytes: [UInt8]
        /// Clients expect the list, though nothing but the chosen token is told.
        let alternatives: [Float] = []

        enum CodingKeys: String, CodingKey {
            case token, logprob, bytes
            case alternatives = "top_logprobs"
        }
    }

    let content: [Token]

    init(of text: GeneratedText, by model: BlipModel) {
        // Where there is one more than there are ids, it is the end token's, which has no text.
        content = zip(text.tokenIDs, text.logProbabilities).enumerated().map { index, pair in
            let token = model.token(for: pair.0) ?? ""
            // Joined they are words with spaces between them.
            let words =
                token.hasPrefix("##") ? String(token.dropFirst(2)) : (index == 0 ? "" : " ") + token
            // JSON has no infinity; such a token is as unlikely as one can be told to be.
            return Token(token: words, logprob: max(pair.1, -9999), bytes: Array(words.utf8))
        }
    }
}
