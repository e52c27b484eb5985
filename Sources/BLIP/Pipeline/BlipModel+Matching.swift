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
    ///
    /// Reference: transformers' `BlipForImageTextRetrieval.forward`, with and without
    /// `use_itm_head`.
    ///
    /// - Throws: ``BlipError``, runtime errors, and `CancellationError`.
    public func match(_ text: String, with image: EncodedImage) throws -> Match {
        try BlipTask.match.check(in: tasks, model: folder.lastPathComponent)
        try Task.checkCancellation()
        var timings = StageTimings()
        let picture = try timings.measure(\.vision) { try context(.encoderContext, of: image) }
        let ids = tokenizer.encode(text)
        let logits = try timings.measure(\.text) {
            try encode(ids, attendingTo: picture).output(PortName.matchLogits)
                .array(of: Float.self)
        }
        let similarity = try timings.measure(\.text) { try self.similarity(ids, image) }
        guard logits.count == 2 else {
            throw BlipError(.wrongTensor, "The match head gave \(logits.count) logits, not 2")
        }
        return Match(
            // The softmax of two logits at the second, which is "match".
            probability: 1 / (1 + exp(logits[0] - logits[1])), similarity: similarity,
            timings: timings)
    }

    private func similarity(_ ids: [Int], _ image: EncodedImage) throws -> Float? {
        guard let projection = image.projection, parts.available.contains(.textProjection) else {
            return nil
        }
        let request = try parts.request(.textProjection)
        try bind(ids, to: request)
        try request.infer()
        let text = try request.output(PortName.textProjection).array(of: Float.self)
        return zip(text, try projection.array(of: Float.self)).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
