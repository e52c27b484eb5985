import Evaluation
import Foundation

/// A line of the results file: a picture's vector, or how well texts match it.
struct RetrievalRecord: Codable {
    struct Match: Codable {
        let text: String
        let probability: Float

        enum CodingKeys: String, CodingKey {
            case text
            case probability = "match_probability"
        }
    }

    let imageID: DataSetID
    var vector: [Float]?
    var matches: [Match]?

    enum CodingKeys: String, CodingKey {
        case imageID = "image_id"
        case vector, matches
    }
}

/// How alike all pictures and texts of a data set are.
struct Retrieval {
    private let ids: [DataSetID]
    private let texts: [String]
    private let imageOfText: [Int]
    /// A row a picture, in it a value a text.
    private var imageToText: [[Float]]
    /// A row a text, once the first were ordered anew; before, it is the same matrix.
    private var textToImage: [[Float]]?

    var pictureCount: Int { ids.count }
    var textCount: Int { texts.count }

    /// - Throws: ``Failure`` where vectors differ in length: the file is of another model.
    init(pictures: [CaptionedPicture], vectors: [[Float]], texts textVectors: [[Float]]) throws {
        ids = pictures.map(\.id)
        texts = pictures.flatMap(\.captions)
        imageOfText = pictures.indices.flatMap { index in
            [Int](repeating: index, count: pictures[index].captions.count)
        }
        let width = textVectors.first?.count ?? 0
        guard vectors.allSatisfy({ $0.count == width }) else {
            throw Failure(
                .usage, "--results: the vectors in the file are of another model; give another.")
        }
        imageToText = vectors.map { image in
            textVectors.map { text in zip(image, text).reduce(0) { $0 + $1.0 * $1.1 } }
        }
    }

    /// For each picture the texts to be matched with it: the first `count` that it finds, and those
    /// that find it among their first `count`; each text once.
    func candidates(_ count: Int) -> [[String]] {
        let found = pairs(count)
        return ids.indices.map { image in
            let wanted = found.byImage[image].union(found.byText[image]).sorted()
            var seen: Set<String> = []
            return wanted.map { texts[$0] }.filter { seen.insert($0).inserted }
        }
    }

    /// Orders the first `count` anew, as BLIP's evaluation does, by the matching head and the
    /// cosine together, before all others. (There the head's logit is added to the cosine; here it
    /// is its log-odds, which is what a probability tells.)
    mutating func rerank(with records: [RetrievalRecord], first count: Int) {
        let found = pairs(count)
        var matched: [DataSetID: [String: Float]] = [:]
        for record in records {
            for match in record.matches ?? [] {
                matched[record.imageID, default: [:]][match.text] = match.probability
            }
        }
        var byText = texts.indices.map { text in imageToText.map { $0[text] - Self.behind } }
        for (image, id) in ids.enumerated() {
            let cosines = imageToText[image]
            let probabilities = matched[id] ?? [:]
            let score = { [texts] (text: Int) -> Float? in
                probabilities[texts[text]].map { Self.logOdds($0) + cosines[text] }
            }
            imageToText[image] = cosines.map { $0 - Self.behind }
            for text in found.byImage[image] {
                if let score = score(text) { imageToText[image][text] = score }
            }
            for text in found.byText[image] {
                if let score = score(text) { byText[text][image] = score }
            }
        }
        textToImage = byText
    }

    /// What a picture found.
    struct Found {
        /// The text that it found first.
        let first: String
        /// How many wrong texts come before the first right one.
        let rank: Int
    }

    /// What each picture found; of equal values the wrong ones come first, as in the recall.
    func found() -> [Found] {
        zip(ids.indices, imageToText).map { image, values in
            let isRight = { (text: Int) in imageOfText[text] == image }
            let sorted = values.indices.sorted {
                values[$0] != values[$1] ? values[$0] > values[$1] : !isRight($0) && isRight($1)
            }
            return Found(
                first: sorted.first.map { texts[$0] } ?? "",
                rank: sorted.firstIndex(where: isRight) ?? sorted.count)
        }
    }

    func recall() throws -> RetrievalRecall {
        guard let textToImage else {
            return try RetrievalRecall(similarities: imageToText, imageOfText: imageOfText)
        }
        return try RetrievalRecall(
            imageToText: imageToText, textToImage: textToImage, imageOfText: imageOfText)
    }

    /// Places what was not matched after all that was.
    private static let behind: Float = 100

    /// What the head's probability was made of; bounded, since a probability of 1 is rounded.
    private static func logOdds(_ probability: Float) -> Float {
        max(-30, min(30, log(probability) - log(1 - probability)))
    }

    /// For each picture, the texts that it finds first, and those that find it first.
    private func pairs(_ count: Int) -> (byImage: [Set<Int>], byText: [Set<Int>]) {
        let byImage = imageToText.map { Set(Self.first(count, of: $0)) }
        var byText = [Set<Int>](repeating: [], count: ids.count)
        for text in texts.indices {
            for image in Self.first(count, of: imageToText.map { $0[text] }) {
                byText[image].insert(text)
            }
        }
        return (byImage, byText)
    }

    private static func first(_ count: Int, of values: [Float]) -> ArraySlice<Int> {
        values.indices.sorted { values[$0] > values[$1] }.prefix(count)
    }
}
