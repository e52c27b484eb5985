import BlipTokenizer

/// Texts that the text encoder is run on while it is calibrated.
struct CalibrationTexts {
    let tokenizer: WordPieceTokenizer
    /// The most tokens that the model can place.
    let positions: Int

    private static let questions = [
        "what is in the picture?", "how many are there?", "what color is the background?",
        "where is it?", "is it day or night?", "what is the man doing?", "who is there?",
        "is there a dog in the picture?",
    ]
    private static let wordCount = 12

    /// Two texts for a picture: a common question, and words from all over the vocabulary, since
    /// nobody knows what will be asked.
    func texts(forPicture index: Int) -> [[Int]] {
        let question = tokenizer.encode(Self.questions[index % Self.questions.count])
        let ends = (question.prefix(1), question.suffix(1))
        let words = (0..<Self.wordCount).map { word in
            // Steps of the golden ratio never come near where they were.
            let place = Double(index * Self.wordCount + word) * 0.618_033_988_749_895
            return Int((place - place.rounded(.down)) * Double(tokenizer.count))
        }
        return [question, ends.0 + words + ends.1].map { Array($0.prefix(positions)) }
    }
}
