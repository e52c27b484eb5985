/// How often the right partner is among the first that are found, from pictures to texts and from
/// texts to pictures.
///
/// As BLIP's evaluation and others' count it: a picture's texts are found where one of them is among
/// the first k; a text's picture where it is among the first k.
package struct RetrievalRecall: Sendable, Hashable {
    /// The k that papers report.
    package static let ranks = [1, 5, 10]

    /// The share of pictures one of whose texts is among the first 1, 5 and 10, each 0 to 1.
    package let imageToText: [Double]
    /// The share of texts whose picture is among the first 1, 5 and 10, each 0 to 1.
    package let textToImage: [Double]

    /// A picture's scores, in which it and the texts find each other; the higher the more alike.
    package struct Row: Sendable, Hashable {
        /// By which the picture finds texts: a value a text.
        package var imageToText: [Float]
        /// By which each text finds the picture: a value a text.
        package var textToImage: [Float]

        /// - Parameters:
        ///   - imageToText: by which the picture finds texts: a value a text.
        ///   - textToImage: by which each text finds the picture; `nil` where that is the same.
        package init(imageToText: [Float], textToImage: [Float]? = nil) {
            self.imageToText = imageToText
            self.textToImage = textToImage ?? imageToText
        }
    }

    /// Counts from a matrix of similarities.
    ///
    /// - Parameters:
    ///   - similarities: a row a picture, in it a value a text.
    ///   - imageOfText: the row of each text's picture.
    /// - Throws: ``EvaluationError`` as ``init(imageCount:imageOfText:row:)`` does.
    package init(
        similarities: [[Float]], imageOfText: [Int]
    ) throws(EvaluationError) {
        try self.init(imageCount: similarities.count, imageOfText: imageOfText) {
            Row(imageToText: similarities[$0])
        }
    }

    /// Counts from one picture's scores after another, so that memory need not hold those of all: it
    /// grows with the number of texts alone.
    ///
    /// Of equal scores the wrong ones come first, so that a model that tells nothing apart finds
    /// nothing; what is not a number comes last.
    ///
    /// - Parameters:
    ///   - imageCount: how many pictures there are.
    ///   - imageOfText: the number of each text's picture, from 0.
    ///   - row: gives a picture's scores; asked for each picture once, in order.
    /// - Throws: ``EvaluationError`` where rows differ in length, a text's picture is none of them, or a
    ///   picture has no text.
    package init(
        imageCount: Int, imageOfText: [Int], row: (Int) -> Row
    ) throws(EvaluationError) {
        let textsOfImage = try Self.textsOfImage(imageCount, imageOfText)
        var images: [Int] = []
        var texts = imageOfText.map { _ in TextRank() }
        for image in 0..<imageCount {
            let row = row(image)
            guard row.imageToText.count == texts.count, row.textToImage.count == texts.count else {
                throw EvaluationError(
                    .wrongShape,
                    "The similarities do not fit \(imageCount) pictures and \(texts.count) texts; give "
                        + "a value for each pair")
            }
            images.append(Self.rank(of: textsOfImage[image], in: row.imageToText))
            for (text, value) in row.textToImage.enumerated() {
                texts[text].add(value, isRight: imageOfText[text] == image)
            }
        }
        imageToText = Self.recalls(images)
        textToImage = Self.recalls(texts.map(\.value))
    }

    private static func textsOfImage(
        _ imageCount: Int, _ imageOfText: [Int]
    ) throws(EvaluationError) -> [Set<Int>] {
        guard imageCount > 0, !imageOfText.isEmpty else {
            throw EvaluationError(
                .nothingToScore,
                "There are no pictures or no texts to find; give one or more of each")
        }
        var texts = [Set<Int>](repeating: [], count: imageCount)
        for (text, image) in imageOfText.enumerated() {
            guard texts.indices.contains(image) else {
                throw EvaluationError(
                    .wrongShape,
                    "A text belongs to picture \(image), but they are 0 to \(imageCount - 1); "
                        + "number the pictures by their rows")
            }
            texts[image].insert(text)
        }
        if let image = texts.firstIndex(where: \.isEmpty) {
            throw EvaluationError(
                .missingReference, "Picture \(image + 1) has no text; leave it out, or give one")
        }
        return texts
    }

    /// How many wrong ones come before the first right one.
    package static func rank(of right: Set<Int>, in values: [Float]) -> Int {
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

/// The rank of a text's picture, as far as recall tells ranks apart; its pictures' values come one after
/// another, and only the highest are kept.
private struct TextRank {
    private var right = Float.nan
    private var wrong = Highest<Float>(RetrievalRecall.ranks.max() ?? 0)

    mutating func add(_ value: Float, isRight: Bool) {
        if isRight { right = value } else { wrong.add(value, value) }
    }

    var value: Int {
        right.isNaN ? .max : wrong.elements.count(where: { $0.value >= right })
    }
}
