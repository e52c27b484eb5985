import BlipCommandSupport
import BlipEvaluation
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

/// How alike the pictures and texts of a data set are.
///
/// A picture's scores are computed when they are asked for, and not kept: of 5,000 pictures and 25,000
/// texts they would be half a gigabyte.
struct Retrieval {
    private let ids: [DataSetID]
    private let texts: [String]
    private let imageOfText: [Int]
    /// Of each picture.
    private let vectors: [[Float]]
    /// Of each component of the vectors, its value of each text, 16 texts together.
    private let textComponents: [[SIMD16<Float>]]
    /// Of each picture, the texts that were ordered anew; `nil` while none were.
    private var reranked: [Reranked]?

    /// A picture's new scores, by text.
    private struct Reranked {
        /// Of the texts that it found first.
        var imageToText: [Int: Float] = [:]
        /// Of the texts that found it first.
        var textToImage: [Int: Float] = [:]
    }

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
        self.vectors = vectors
        textComponents = (0..<width).map { component in
            stride(from: 0, to: textVectors.count, by: 16).map { first in
                var together = SIMD16<Float>()
                for (lane, vector) in textVectors[first...].prefix(16).enumerated() {
                    together[lane] = vector[component]
                }
                return together
            }
        }
    }

    /// A picture's cosines with all texts.
    private func cosines(of image: Int) -> [Float] {
        var sums = [SIMD16<Float>](repeating: .zero, count: (texts.count + 15) / 16)
        for (value, ofTexts) in zip(vectors[image], textComponents) {
            for (place, together) in ofTexts.enumerated() { sums[place] += value * together }
        }
        return texts.indices.map { sums[$0 / 16][$0 % 16] }
    }

    private func row(of image: Int) -> RetrievalRecall.Row {
        let cosines = cosines(of: image)
        guard let reranked else { return .init(imageToText: cosines) }
        let others = cosines.map { $0 - Self.behind }
        var row = RetrievalRecall.Row(imageToText: others, textToImage: others)
        for (text, score) in reranked[image].imageToText { row.imageToText[text] = score }
        for (text, score) in reranked[image].textToImage { row.textToImage[text] = score }
        return row
    }

    /// For each picture the texts to be matched with it: the first `count` that it finds, and those
    /// that find it among their first `count`; each text once.
    func candidates(_ count: Int) -> [[String]] {
        pairs(count).map { found in
            var seen: Set<String> = []
            return Set(found.byImage + found.byText).sorted().map { texts[$0] }
                .filter { seen.insert($0).inserted }
        }
    }

    /// Orders the first `count` anew, as BLIP's evaluation does, by the matching head and the
    /// cosine together, before all others. (There the head's logit is added to the cosine; here it
    /// is its log-odds, which is what a probability tells.)
    mutating func rerank(with records: [RetrievalRecord], first count: Int) {
        var matched: [DataSetID: [String: Float]] = [:]
        for record in records {
            for match in record.matches ?? [] {
                matched[record.imageID, default: [:]][match.text] = match.probability
            }
        }
        reranked = pairs(count).enumerated().map { image, found in
            let cosines = cosines(of: image)
            let probabilities = matched[ids[image]] ?? [:]
            let scores = { [texts] (found: [Int]) in
                let scored = found.compactMap { text in
                    probabilities[texts[text]].map { (text, Self.logOdds($0) + cosines[text]) }
                }
                return Dictionary(scored, uniquingKeysWith: { $1 })
            }
            return Reranked(imageToText: scores(found.byImage), textToImage: scores(found.byText))
        }
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
        ids.indices.map { image in
            let values = row(of: image).imageToText
            let right = Set(texts.indices.filter { imageOfText[$0] == image })
            var (wrongs, rights) = (Highest<Int>(1), Highest<Int>(1))
            for (text, value) in values.enumerated() {
                if right.contains(text) { rights.add(text, value) } else { wrongs.add(text, value) }
            }
            let first = (wrongs.elements + rights.elements).max { $0.value < $1.value }
            return Found(
                first: first.map { texts[$0.element] } ?? "",
                rank: RetrievalRecall.rank(of: right, in: values))
        }
    }

    func recall() throws -> RetrievalRecall {
        try RetrievalRecall(imageCount: ids.count, imageOfText: imageOfText, row: row)
    }

    /// Places what was not matched after all that was.
    private static let behind: Float = 100

    /// What the head's probability was made of; bounded, since a probability of 1 is rounded.
    private static func logOdds(_ probability: Float) -> Float {
        max(-30, min(30, log(probability) - log(1 - probability)))
    }

    /// For each picture, the texts that it finds first, and those that find it first.
    private func pairs(_ count: Int) -> [(byImage: [Int], byText: [Int])] {
        var found = ids.map { _ in (byImage: [Int](), byText: [Int]()) }
        var images = texts.map { _ in Highest<Int>(count) }
        for image in ids.indices {
            var highest = Highest<Int>(count)
            for (text, cosine) in cosines(of: image).enumerated() {
                highest.add(text, cosine)
                images[text].add(image, cosine)
            }
            found[image].byImage = highest.elements.map(\.element)
        }
        for (text, images) in images.enumerated() {
            for (image, _) in images.elements { found[image].byText.append(text) }
        }
        return found
    }
}
