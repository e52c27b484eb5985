import BLIP
import BlipResources
package import Foundation

/// Ranks a list of words by how well each fits a picture.
actor LabelRanking {
    private let model: BlipModel
    /// Those that the vocabulary has.
    private let words: [String]
    /// Of each word; made with the first picture.
    private var embeddings: [Embedding]?

    init(_ words: [String], model: BlipModel) {
        self.model = model
        // Of a word that is spelt letter by letter the model knows nothing.
        self.words = words.filter {
            model.tokenCount(of: $0) < 2 * $0.split(separator: " ").count + 1
        }
    }

    /// The words that fit, best first.
    ///
    /// The nearest of all words by vector, and those of the caption, are matched with the picture one by
    /// one; a checkpoint that cannot match has the caption's words.
    ///
    /// - Parameters:
    ///   - minimum: so many at least, as far as there are words, however well they fit.
    func labels(
        of image: EncodedImage, caption: Reading, minimum: Int, maximum: Int
    ) async throws -> [Reading] {
        let said = saidWords(caption)
        guard model.tasks.contains(.match) else {
            return said.prefix(maximum).map { Reading(text: $0, probability: caption.probability) }
        }
        let near = try await nearest(to: image, count: max(2 * minimum, Self.shortlist))
        let candidates = said + near.filter { !said.contains($0) }
        let probabilities = try await model.matchProbabilities(of: candidates, with: image)
        let ranked = zip(candidates, probabilities).map { word, probability in
            // Its caption is what the model says of the picture by itself.
            Reading(
                text: word,
                probability: said.contains(word)
                    ? max(Double(probability), caption.probability) : Double(probability))
        }.sorted { $0.probability > $1.probability }
        let fitting = ranked.prefix { $0.probability >= 0.5 }.count
        return Array(ranked.prefix(min(maximum, max(fitting, minimum))))
    }

    /// The words of the list that a caption has, in its order; no "ball" where it has a "soccer ball".
    private func saidWords(_ caption: Reading) -> [String] {
        let said = words.filter(caption.says).sorted { $0.count > $1.count }
        let whole = said.enumerated().filter { index, word in
            !said[..<index].contains { Reading(text: $0, probability: 1).says(word) }
        }
        return whole.map(\.element).sorted { caption.offset(of: $0) < caption.offset(of: $1) }
    }

    private func nearest(to image: EncodedImage, count: Int) async throws -> [String] {
        guard await model.hasEmbeddings else { return [] }
        let picture = try await model.embedding(of: image)
        let cosines = try await wordEmbeddings().map { $0.cosine(to: picture) }
        return cosines.indices.sorted { cosines[$0] > cosines[$1] }.prefix(count).map { words[$0] }
    }

    private func wordEmbeddings() async throws -> [Embedding] {
        if let embeddings { return embeddings }
        var made: [Embedding] = []
        for start in stride(from: 0, to: words.count, by: 64) {
            let batch = Array(words[start..<min(start + 64, words.count)])
            made += try await model.embeddings(of: batch)
        }
        embeddings = made
        return made
    }

    /// Words that are matched one by one.
    private static let shortlist = 24
}

/// Lists of words that pictures are labelled with.
package enum LabelWords {
    /// The list that ships with the server: things, animals, places and what people do, in English.
    package static let standard: [String] = {
        (try? words(of: ResourceFolder.url(of: "BlipServer").appending(path: "labels.txt"))) ?? []
    }()

    /// Reads a list: a word or a few a line; lines that begin with # and empty ones are passed over.
    ///
    /// - Throws: ``ServiceFileError`` for a file that cannot be read or has no words.
    package static func words(of file: URL) throws -> [String] {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            throw ServiceFileError(
                "\(file.path) cannot be read as a list of words; give a text file")
        }
        let lines = text.split(whereSeparator: \.isNewline).map { String($0[...].trimmed) }
        let words = lines.filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !words.isEmpty else {
            throw ServiceFileError("\(file.path) has no words; write one a line")
        }
        return words
    }
}
