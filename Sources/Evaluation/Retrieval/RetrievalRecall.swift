/// How often the right partner is among the first that are found, from pictures to texts and from
/// texts to pictures.
///
/// As BLIP's evaluation and others' count it: a picture's texts are found where one of them is among
/// the first k; a text's picture where it is among the first k.
public struct RetrievalRecall: Sendable, Hashable {
    /// The k that papers report.
    public static let ranks = [1, 5, 10]

    /// The share of pictures one of whose texts is among the first 1, 5 and 10, each 0 to 1.
    public let imageToText: [Double]
    /// The share of texts whose picture is among the first 1, 5 and 10, each 0 to 1.
    public let textToImage: [Double]

    /// Counts from a matrix of similarities.
    ///
    /// - Parameters:
    ///   - similarities: a row a picture, in it a value a text; the higher the more alike. Of equal
    ///     values the wrong ones come first, so that a model that tells nothing apart finds nothing;
    ///     what is not a number comes last.
    ///   - imageOfText: the row of each text's picture.
    /// - Throws: ``EvaluationError`` where rows differ in length, a text's picture is no row, or a
    ///   picture has no text.
    public init(
        similarities: [[Float]], imageOfText: [Int]
    ) throws(EvaluationError) {
        try Self.check(similarities, imageOfText)
        // A column at a time: a second matrix would take as much memory again.
        try self.init(similarities, imageOfText) { text in similarities.map { $0[text] } }
    }

    /// Counts from the scores of both ways, where they differ: after ranking the first again.
    ///
    /// - Parameters:
    ///   - imageToText: a row a picture, in it a value a text.
    ///   - textToImage: a row a text, in it a value a picture.
    ///   - imageOfText: the row of each text's picture.
    /// - Throws: ``EvaluationError`` as ``init(similarities:imageOfText:)`` does.
    public init(
        imageToText: [[Float]], textToImage: [[Float]], imageOfText: [Int]
    ) throws(EvaluationError) {
        try Self.check(imageToText, imageOfText)
        guard textToImage.count == imageOfText.count,
            textToImage.allSatisfy({ $0.count == imageToText.count })
        else { throw Self.wrongShape(imageToText, imageOfText) }
        try self.init(imageToText, imageOfText) { textToImage[$0] }
    }

    /// - Parameter valuesOfText: a text's values, one a picture; of checked shape.
    private init(
        _ imageToText: [[Float]], _ imageOfText: [Int], valuesOfText: (Int) -> [Float]
    ) throws(EvaluationError) {
        var textsOfImage = [Set<Int>](repeating: [], count: imageToText.count)
        for (text, image) in imageOfText.enumerated() { textsOfImage[image].insert(text) }
        for (image, texts) in textsOfImage.enumerated() where texts.isEmpty {
            throw EvaluationError(
                .missingReference, "Picture \(image + 1) has no text; leave it out, or give one")
        }
        self.imageToText = Self.recalls(
            zip(imageToText, textsOfImage).map { Self.rank(of: $1, in: $0) })
        self.textToImage = Self.recalls(
            imageOfText.enumerated().map { Self.rank(of: [$1], in: valuesOfText($0)) })
    }

    private static func check(
        _ imageToText: [[Float]], _ imageOfText: [Int]
    ) throws(EvaluationError) {
        guard !imageToText.isEmpty, !imageOfText.isEmpty else {
            throw EvaluationError(
                .nothingToScore,
                "There are no pictures or no texts to find; give one or more of each")
        }
        guard imageToText.allSatisfy({ $0.count == imageOfText.count }) else {
            throw wrongShape(imageToText, imageOfText)
        }
        if let wrong = imageOfText.first(where: { !imageToText.indices.contains($0) }) {
            throw EvaluationError(
                .wrongShape,
                "A text belongs to picture \(wrong), but they are 0 to \(imageToText.count - 1); "
                    + "number the pictures by their rows")
        }
    }

    private static func wrongShape(
        _ imageToText: [[Float]], _ imageOfText: [Int]
    ) -> EvaluationError {
        EvaluationError(
            .wrongShape,
            "The similarities do not fit \(imageToText.count) pictures and "
                + "\(imageOfText.count) texts; give a value for each pair")
    }

    /// How many wrong ones come before the first right one.
    private static func rank(of right: Set<Int>, in values: [Float]) -> Int {
        let best = right.map { values[$0] }.filter { !$0.isNaN }.max()
        guard let best else { return values.count }
        return values.indices.count(where: { values[$0] >= best && !right.contains($0) })
    }

    private static func recalls(_ found: [Int]) -> [Double] {
        ranks.map { limit in
            Double(found.count(where: { $0 < limit })) / Double(found.count)
        }
    }
}
