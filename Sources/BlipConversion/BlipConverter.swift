public import BLIP
internal import BlipCheckpoint
public import Foundation
internal import ModelGraph

/// Writes a checkpoint's graphs as ordinary OpenVINO IR files.
///
/// `vision.xml`, `text_encoder.xml`, `text_decoder.xml` and so on, each with its `.bin`, can be
/// read by any OpenVINO program; beside them lie the configuration and tokenizer, so that the
/// folder is a model for `BlipModel` too.
public struct BlipConverter: Sendable {
    /// What was written.
    public struct Output: Sendable, Hashable {
        /// The converted model.
        public let folder: URL
        /// The size of all `.xml` and `.bin` files.
        public let bytes: Int
        /// The graphs, each named as its files are without extension, in the order that they were
        /// written.
        public let parts: [String]
    }

    let files: CheckpointFiles
    let factory: GraphFactory
    /// How the graphs are rounded before they are written.
    var rounding: PassPipeline.Rounding
    private let weights: WeightFormat
    /// Height and width of the pictures, where they are others than the checkpoint was trained on.
    let imageSize: Int?
    /// What ``calibrated(on:maximumDrop:progress:)`` learned; `nil` for a converter that leaves
    /// activations as they are.
    public internal(set) var calibration: Calibration?

    /// - Parameters:
    ///   - checkpoint: a folder as Hugging Face publishes it, or one of Salesforce's files.
    ///   - weights: how they are stored.
    ///   - modelCache: as `RuntimeOptions/modelCache`.
    ///   - imageSize: height and width of the pictures, as `RuntimeOptions/imageSize`; the folder then is for
    ///     that size only. `nil` for what the checkpoint was trained on.
    /// - Throws: `BlipError` for a folder that is converted already or is no BLIP checkpoint, and for a size that
    ///   the model cannot have.
    public init(
        checkpoint: URL, weights: WeightFormat = .f16, modelCache: URL? = nil,
        imageSize: Int? = nil
    ) throws {
        guard try ConversionManifest(in: checkpoint) == nil else {
            throw BlipError(
                .invalidOption,
                "\(checkpoint.path) is converted already; give the checkpoint that it was made of")
        }
        self.weights = weights
        files = try CheckpointFiles(checkpoint, modelCache: modelCache)
        let trained = try GraphFactory(files)
        factory = try imageSize.map(trained.sized) ?? trained
        let size = factory.configuration.vision.imageSize
        self.imageSize = size == trained.configuration.vision.imageSize ? nil : size
        rounding = .init(
            weights: RoundWeights(integers: weights.integers, region: factory.region))
    }

    /// Writes the folder.
    ///
    /// At every moment, also where the program is killed, the folder holds what it held before or the new
    /// model, whole. Nothing but a conversion's own files is touched; `ConversionFolder` tells how.
    ///
    /// - Parameters:
    ///   - output: a folder that need not exist, or a link to one; an existing one must be empty or hold a
    ///     converted model and nothing else.
    ///   - progress: called before each part with its name, its number from 1, and their count.
    /// - Throws: `BlipError` for a folder that holds anything else or cannot be written, the
    ///   checkpoint's errors, and `CancellationError`.
    public func write(
        to output: URL, progress: (String, Int, Int) -> Void = { _, _, _ in }
    ) throws -> Output {
        do {
            return try writeFiles(to: output, progress)
        } catch let error where error is CocoaError || error is POSIXError {
            throw BlipError(
                .unwritable,
                "\(output.path) cannot be written; check that you may write there and that the disk has "
                    + "room")
        }
    }

    private func writeFiles(
        to output: URL, _ progress: (String, Int, Int) -> Void
    ) throws -> Output {
        var folder = try ConversionFolder(output)
        defer { folder.close() }
        let parts = ModelPart.allCases.filter(factory.availableParts.contains)
        var bytes = 0
        for (index, part) in parts.enumerated() {
            try Task.checkCancellation()
            progress(part.rawValue, index + 1, parts.count)
            let graph = try factory.graph(part)
            try graph.apply(PassPipeline(rounding: rounding).passes)
            bytes += try graph.write(
                to: folder.staging, named: part.rawValue, blob: factory.region.base)
            factory.region.releasePages()
        }
        try copyCompanions(to: folder.staging)
        try folder.commit(
            ConversionManifest(
                weights: weights, parts: parts,
                tasks: BlipTask.allCases.filter(factory.availableTasks.contains),
                imageSize: imageSize))
        return Output(folder: output, bytes: bytes, parts: parts.map(\.rawValue))
    }

    private func copyCompanions(to folder: URL) throws {
        // For a file without one: what its tensors told.
        try JSONEncoder.reproducible.encode(factory.configuration)
            .write(to: folder.appending(path: "config.json"))
        for file in files.companions {
            // Through its content: in a hub's cache these are links.
            try Data(contentsOf: file)
                .write(to: folder.appending(path: file.lastPathComponent))
        }
    }
}
