import BLIP
import Foundation

/// What the model reads in a request's pictures, put together: the answer that most of them give, and
/// whatever is to be seen in any.
struct PicturesReading: PictureReading {
    private let images: [EncodedImage]
    private let inference: Inference
    let captions: [Reading]

    /// - Parameter images: the request's, without those that show the same as the one before.
    init(_ images: [EncodedImage], _ inference: Inference) async throws {
        self.images = images
        self.inference = inference
        captions = try await inOrder(images) { image in
            try await inference.captions(of: image, prompt: "", options: .init()).first
                .map(Reading.init) ?? Reading(text: "", probability: 0)
        }
    }

    var canAnswer: Bool { inference.model.tasks.contains(.answer) }

    var caption: Reading {
        guard captions.count > 1 else { return captions.first ?? Reading(text: "", probability: 0) }
        return Reading(
            text: captions.enumerated().map { "\($0 + 1): \($1.text)" }.joined(separator: ". "),
            probability: captions.reduce(0) { $0 + $1.probability } / Double(captions.count))
    }

    func answer(to question: String) async throws -> Reading {
        let answers = try await inOrder(images) { image in
            try await inference.answers(to: question, about: image, options: .init()).first
                .map(Reading.init) ?? Reading(text: "", probability: 0)
        }
        // Of answers that are given as often the likelier.
        let votes = Dictionary(grouping: answers, by: \.text)
            .mapValues { $0.reduce(0) { $0 + $1.probability } / Double(answers.count) }
        let best = answers.first { votes[$0.text] == votes.values.max() }
        return Reading(text: best?.text ?? "", probability: votes.values.max() ?? 0)
    }

    func rank(_ answers: [String], for question: String) async throws -> [Reading] {
        let rankings = try await inOrder(images) { image in
            try await inference.rank(answers, for: question, about: image).probabilities
        }
        return answers.map { answer in
            let sum = rankings.reduce(0) { $0 + ($1[answer] ?? 0) }
            return Reading(text: answer, probability: sum / Double(max(1, rankings.count)))
        }
    }

    /// What a caption names is there. Of the rest, questions are answered with yes too readily: where the
    /// model can match, the word must fit as well.
    func presence(of word: String, question: String) async throws -> Double {
        let found = try await inOrder(Array(zip(images, captions))) { image, caption in
            if caption.says(word) { return caption.probability }
            let yes =
                try await inference.rank(["yes", "no"], for: question, about: image)
                .probabilities["yes"] ?? 0
            guard yes >= 0.5, inference.model.tasks.contains(.match) else { return yes }
            let match = try await inference.match([word], with: image).first
            return min(yes, Double(match?.probability ?? 0))
        }
        return found.max() ?? 0
    }

    func labels(minimum: Int, maximum: Int) async throws -> [Reading] {
        let found = try await inOrder(Array(zip(images, captions))) { image, caption in
            try await inference.labels.labels(
                of: image, caption: caption, minimum: minimum, maximum: maximum)
        }
        let likeliest = Dictionary(found.flatMap(\.self).map { ($0.text, $0) }) { first, second in
            first.probability >= second.probability ? first : second
        }
        let order = likeliest.values.sorted {
            ($0.probability, $1.text) > ($1.probability, $0.text)
        }
        return Array(order.prefix(maximum))
    }
}

extension Reading {
    /// A text of the model; its probability is the geometric mean of its tokens'.
    fileprivate init(_ text: GeneratedText) {
        self.init(
            text: text.text, probability: min(1, Double(exp(text.score ?? -.infinity))))
    }
}

extension Ranking {
    /// The answers' probabilities, as if there were no others.
    fileprivate var probabilities: [String: Double] {
        let highest = answers.map(\.logLikelihood).max() ?? 0
        let weights = answers.map { Double(exp($0.logLikelihood - highest)) }
        let sum = weights.reduce(0, +)
        return Dictionary(zip(answers.map(\.answer), weights.map { $0 / sum })) { max($0, $1) }
    }
}
