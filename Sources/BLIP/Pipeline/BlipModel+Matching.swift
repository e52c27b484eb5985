import Foundation
import OpenVINO

/// How well a text fits a picture.
public struct Match: Sendable, Hashable {
    /// The image-text matching head's probability that the text fits, 0 to 1 (ITM).
    public let probability: Float
    /// The cosine of the picture's and the text's vectors, -1 to 1 (ITC); `nil` where the
    /// checkpoint has no projections.
    public let similarity: Float?
    /// What it took beyond encoding the picture.
    public let timings: StageTimings
}

extension BlipModel {
    /// Tells how well a text fits a picture.
    public func match(_ text: String, with image: EncodedImage) throws -> Match {
        try first(of: match([text], with: image))
    }

    /// Tells how well texts fit a picture, all of them in one batch.
    ///
    /// Reference: transformers' `BlipForImageTextRetrieval.forward`, with and without
    /// `use_itm_head`.
    ///
    /// - Returns: one match a text, in their order.
    /// - Throws: ``BlipError``, runtime errors, and `CancellationError`.
    public func match(_ texts: [String], with image: EncodedImage) throws -> [Match] {
        try match(texts.map { Question($0, about: image) })
    }

    /// Tells how well texts fit pictures, each its own, all of them in one batch.
    ///
    /// - Parameter pairs: a text and a picture each, in any mix.
    /// - Returns: one match a pair, in their order.
    /// - Throws: ``BlipError``, runtime errors, and `CancellationError`.
    public func match(_ pairs: [Question]) throws -> [Match] {
        try BlipTask.match.check(in: tasks, model: folder.lastPathComponent)
        guard !pairs.isEmpty else { return [] }
        var timings = StageTimings()
        let ids = pairs.map { tokenizer.encode($0.text) }
        let images = pairs.map(\.image)
        let probabilities = try probabilities(ofTokens: ids, images, &timings)
        let imageVectors = try images.map { try vector(of: $0) }
        let textVectors = try timings.measure(\.text) {
            try imageVectors.contains(nil) ? nil : rememberedVectors(ofTokens: ids)
        }
        let share = timings / pairs.count
        return pairs.indices.map { index in
            Match(
                probability: probabilities[index],
                similarity: imageVectors[index].flatMap { image in
                    textVectors.map { zip($0[index], image).reduce(0) { $0 + $1.0 * $1.1 } }
                }, timings: share)
        }
    }

    /// How likely texts fit a picture, without their similarities, which take half of the time.
    package func matchProbabilities(
        of texts: [String], with image: EncodedImage
    ) throws -> [Float] {
        try BlipTask.match.check(in: tasks, model: folder.lastPathComponent)
        guard !texts.isEmpty else { return [] }
        var timings = StageTimings()
        return try probabilities(
            ofTokens: texts.map { tokenizer.encode($0) }, texts.map { _ in image }, &timings)
    }

    private func probabilities(
        ofTokens texts: [[Int]], _ images: [EncodedImage], _ timings: inout StageTimings
    ) throws -> [Float] {
        try Task.checkCancellation()
        try timings.measure(\.vision) { _ = try rows(.encoderContext, of: images) }
        let logits = try timings.measure(\.text) {
            try encodeTexts(texts, about: images, PortName.matchLogits).array(of: Float.self)
        }
        guard logits.count == 2 * texts.count else {
            throw BlipError(
                .wrongTensor, "The match head gave \(logits.count) logits, not 2 a text")
        }
        // The softmax of two logits at the second, which is "match".
        return texts.indices.map { 1 / (1 + exp(logits[2 * $0] - logits[2 * $0 + 1])) }
    }

    /// The picture's unit vector in the space shared with texts, `image_text_hidden_size` values;
    /// `nil` where the checkpoint has no projections.
    public func vector(of image: EncodedImage) throws -> [Float]? {
        try check(image)
        return try image.projection?.array(of: Float.self)
    }

    /// The texts' unit vectors in the space shared with pictures, `image_text_hidden_size` values
    /// each; `nil` where the checkpoint has no projections.
    public func vectors(of texts: [String]) throws -> [[Float]]? {
        try vectors(ofTokens: texts.map { tokenizer.encode($0) })
    }

    /// The vectors of texts, of which only those are run that were not matched before.
    private func rememberedVectors(ofTokens texts: [[Int]]) throws -> [[Float]]? {
        var seen = Set(textVectors.keys)
        let unseen = texts.filter { seen.insert($0).inserted }
        guard let found = try vectors(ofTokens: unseen) else { return nil }
        for (text, vector) in zip(unseen, found) { textVectors[text] = vector }
        defer { if textVectors.count > Self.rememberedTexts { textVectors = [:] } }
        return texts.compactMap { textVectors[$0] }
    }

    /// Texts whose vectors, of 1 KB, are kept.
    private static let rememberedTexts = 1_024

    private func vectors(ofTokens texts: [[Int]]) throws -> [[Float]]? {
        guard parts.available.contains(.textProjection) else { return nil }
        guard !texts.isEmpty else { return [] }
        let request = try parts.request(.textProjection)
        try bind(texts, width: texts.map(\.count).max() ?? 0, to: request)
        try parts.infer(.textProjection, request.infer)
        let values = try request.output(PortName.textProjection).array(of: Float.self)
        let width = values.count / texts.count
        return texts.indices.map { Array(values[$0 * width..<($0 + 1) * width]) }
    }
}
