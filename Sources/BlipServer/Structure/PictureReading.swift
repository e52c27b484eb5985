/// What can be asked of pictures to fill a schema.
protocol PictureReading: Sendable {
    /// Whether it answers questions.
    var canAnswer: Bool { get }
    var caption: Reading { get }
    /// Of each picture, in order.
    var captions: [Reading] { get }
    func answer(to question: String) async throws -> Reading
    /// Each of a closed list, in its order.
    func rank(_ answers: [String], for question: String) async throws -> [Reading]
    /// How likely something is to be seen, 0 to 1.
    ///
    /// - Parameter question: asks whether it is, for yes or no.
    func presence(of word: String, question: String) async throws -> Double
    /// Words for what is to be seen, best first.
    ///
    /// - Parameter minimum: so many at least, as far as there are words, however well they fit.
    func labels(minimum: Int, maximum: Int) async throws -> [Reading]
}

extension PictureReading {
    var captions: [Reading] { [caption] }
}

/// A text about a picture.
struct Reading: Sendable, Hashable {
    let text: String
    /// How likely it is, 0 to 1, by the model.
    let probability: Double
}

extension Reading {
    /// Whether the text has a word, or a few in a row, in one number or the other.
    func says(_ word: String) -> Bool { text.singularWords.contains(word.singularWords) }

    /// Where it has it, for an order.
    func offset(of word: String) -> Int {
        text.singularWords.firstRange(of: word.singularWords)?.lowerBound ?? .max
    }
}

extension String {
    fileprivate var singularWords: [String] { promptWords.map(English.singular) }
}
