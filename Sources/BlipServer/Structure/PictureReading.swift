/// What can be asked of pictures to fill a schema.
protocol PictureReading: Sendable {
    /// Whether it answers questions.
    var canAnswer: Bool { get }
    var caption: Reading { get }
    func answer(to question: String) async throws -> Reading
    /// Each of a closed list, in its order.
    func rank(_ answers: [String], for question: String) async throws -> [Reading]
    /// Words for what is to be seen, best first.
    ///
    /// - Parameter minimum: so many at least, as far as there are words, however well they fit.
    func labels(minimum: Int, maximum: Int) async throws -> [Reading]
}

/// A text about a picture.
struct Reading: Sendable, Hashable {
    let text: String
    /// How likely it is, 0 to 1, by the model.
    let probability: Double
}
