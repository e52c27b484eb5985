internal import BLIP
public import Foundation

/// What a converter learned from pictures about a model's activations.
public struct Calibration: Sendable {
    /// Pictures that the ranges come from: the vision model's from all of them, those of the parts behind
    /// it from at most 20 that stand for all.
    public let pictureCount: Int
    /// The mean cosine between image embeddings with and without 8-bit activations, over some of
    /// the pictures.
    public let similarity: Double
    /// Layers of the vision model, the most costly first, and then parts for text, whose activations
    /// stay as they are, since rounding them cost too much.
    public let widenedLayers: [String]

    let inputs: [String: QuantizedInput]
}

/// How far a calibration is.
public enum CalibrationProgress: Sendable {
    /// A picture was looked at; the number of those so far.
    case picture(Int)
    /// A picture is left out: it cannot be read, or is of one colour.
    case skipped(URL, String)
    /// This layer's activations stay as they are.
    case widened(layer: String)
}

extension BlipConverter {
    /// Fewer pictures tell too little.
    public static let fewestCalibrationPictures = 8

    /// A converter that writes products of the vision model, of the text encoder, and of the image's
    /// and question's keys and values, as products of 8-bit integers.
    ///
    /// It runs the model at f32 over the pictures, one at a time, for the range of each channel of
    /// what products read; balances them with the weights as SmoothQuant does (Xiao et al., 2022);
    /// and takes of each range the share that rounds with the least squared error. Layers stay wide,
    /// the most costly first, until the embeddings are near enough to those at f32.
    ///
    /// The text encoder is run on common questions and on words from all over the vocabulary.
    /// Products of the decoder stay as `WeightFormat` says: one token at a time, they only wait for
    /// weights.
    ///
    /// - Parameters:
    ///   - pictures: 100 to 300 that are like those that the model will see.
    ///   - maximumDrop: how far the mean cosine of image embeddings, and of what parts for text put
    ///     out, may fall from 1.
    ///   - progress: told of each picture.
    /// - Throws: `BlipError` for too few pictures and where no layer can be rounded; errors of the
    ///   runtime; `CancellationError`.
    public func calibrated(
        on pictures: [URL], maximumDrop: Double = 0.005,
        progress: @escaping (CalibrationProgress) -> Void = { _ in }
    ) throws -> BlipConverter {
        var calibrated = self
        calibrated.calibration = try Calibrator(
            factory: factory, written: rounding, files: files, isSized: imageSize != nil,
            maximumDrop: maximumDrop, progress: progress
        ).calibration(on: pictures)
        calibrated.rounding.activations = calibrated.calibration?.inputs ?? [:]
        return calibrated
    }
}
