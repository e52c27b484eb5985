import Foundation
import OpenVINO

/// How well a text fits a picture.
public struct Match: Sendable, Hashable, Codable {
    /// The image-text matching head's probability that the text fits, 0 to 1 (ITM).
    public let probability: Float
    /// The cosine of the picture's and the text's vectors, -1 to 1 (ITC); `nil` where the
    /// checkpoint has no projections.
    public let similarity: Float?
    /// What it took beyond encoding the picture.
    public let timings: StageTimings
}

extension BlipModel {
    /// Tells how well a text fits a picture. Calls of other tasks share its batch.
    public func match(_ text: String, with image: EncodedImage) async throws -> Match {
        try await share(queues.matches, .init(), TextImagePair(text, with: image))
    }

    /// Tells how well texts fit a picture, all of them in one batch.
    ///
    /// Reference: transformers' `BlipForImageTextRetrieval.forward`, with and without
    /// `use_itm_head`.
    ///
    /// - Returns: one match a text, in their order.
    /// - Throws: ``BlipError``, runtime errors, and `CancellationError`.
    public func match(_ texts: [String], with image: EncodedImage) throws -> [Match] {
        try match(texts.map { TextImagePair($0, with: image) })
    }

    /// Tells how well texts fit pictures, each its own, all of them in one batch.
    ///
    /// - Parameter pairs: a text and a picture each, in any mix.
    /// - Returns: one match a pair, in their order.
    /// - Throws: ``BlipError``, runtime errors, and `CancellationError`.
    public func match(_ pairs: [TextImagePair]) throws -> [Match] {
        try BlipTask.match.check(in: tasks, model: folder.lastPathComponent)
        guard !pairs.isEmpty else { return [] }
        var timings = StageTimings()
        let ids = pairs.map { tokenizer.encode($0.text) }
        let images = pairs.map(\.image)
        let probabilities = try probabilities(ofTokens: ids, images, &timings)
        let pictures = try images.map { try $0.embedding }
        let texts = try timings.measure(\.text) {
            try pictures.contains(nil) || !hasEmbeddings ? nil : rememberedEmbeddings(ofTokens: ids)
        }
        let share = timings / pairs.count
        return pairs.indices.map { index in
            Match(
                probability: probabilities[index],
                similarity: texts.flatMap { pictures[index]?.dot($0[index]) }, timings: share)
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
        let logits = try recovering {
            try timings.measure(\.vision) { _ = try rows(.encoderContext, of: images) }
            return try timings.measure(\.text) {
                try encodeTexts(texts, about: images, PortName.matchLogits).array(of: Float.self)
            }
        }
        guard logits.count == 2 * texts.count else {
            throw BlipError(
                .wrongTensor, "The match head gave \(logits.count) logits, not 2 a text")
        }
        guard !logits.contains(where: \.isNaN) else { throw BlipError.notNumbers }
        // The softmax of two logits at the second, which is "match".
        return texts.indices.map { 1 / (1 + exp(logits[2 * $0] - logits[2 * $0 + 1])) }
    }

    /// Where the picture lies in the space shared with texts.
    ///
    /// - Throws: ``BlipError`` where the checkpoint has no projections.
    public func embedding(of image: EncodedImage) throws -> Embedding {
        try check(image)
        guard let embedding = try image.embedding else { throw noEmbeddings }
        return embedding
    }

    /// Where texts lie in the space shared with pictures.
    ///
    /// - Throws: ``BlipError`` where the checkpoint has no projections.
    public func embeddings(of texts: [String]) throws -> [Embedding] {
        guard hasEmbeddings else { throw noEmbeddings }
        return try embeddings(ofTokens: texts.map { tokenizer.encode($0) })
    }

    /// Whether the checkpoint has projections, which embeddings and ``Match/similarity`` need.
    public var hasEmbeddings: Bool { parts.available.contains(.textProjection) }

    private var noEmbeddings: BlipError {
        BlipError(
            .taskUnavailable,
            "\(folder.lastPathComponent) has no projections to compare pictures with texts by; a "
                + "checkpoint that has is \(BlipTask.match.example)")
    }

    /// The embeddings of texts, of which only those are run that were not matched before.
    private func rememberedEmbeddings(ofTokens texts: [[Int]]) throws -> [Embedding] {
        var known = Set(textEmbeddings.keys)
        let new = texts.filter { known.insert($0).inserted }
        for (text, embedding) in zip(new, try embeddings(ofTokens: new)) {
            textEmbeddings[text] = embedding
        }
        defer { if textEmbeddings.count > Self.rememberedTexts { textEmbeddings = [:] } }
        return texts.compactMap { textEmbeddings[$0] }
    }

    /// Texts whose embeddings, of 1 KB, are kept.
    private static let rememberedTexts = 1_024

    private func embeddings(ofTokens texts: [[Int]]) throws -> [Embedding] {
        guard !texts.isEmpty else { return [] }
        if parts.fixesShapes, texts.count > ShapeBuckets.largestBatch {
            return try ShapeBuckets.runs(texts.count).flatMap {
                try embeddings(ofTokens: Array(texts[$0]))
            }
        }
        let width = texts.map(\.count).max() ?? 0
        let (values, rows) = try recovering {
            let sizes = try sizes(of: texts.count, width: width)
            let request = try parts.request(.textProjection, sizes)
            try request.bindTexts(texts, sizes, pad: configuration.text.padTokenID)
            try parts.infer(.textProjection, sizes, request.infer)
            let vectors = try request.output(PortName.textProjection)
            return (try vectors.array(of: Float.self), sizes.batch)
        }
        let size = values.count / rows
        return texts.indices.map { Embedding(Array(values[$0 * size..<($0 + 1) * size])) }
    }
}
