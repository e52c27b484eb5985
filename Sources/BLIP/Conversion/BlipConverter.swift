import Checkpoint
public import Foundation
import ModelGraph

/// Writes a checkpoint's graphs as ordinary OpenVINO IR files.
///
/// `vision.xml`, `text_encoder.xml`, `text_decoder.xml` and so on, each with its `.bin`, can be
/// read by any OpenVINO program; beside them lie the configuration and tokenizer, so that the
/// folder is a model for ``BlipModel`` too.
public struct BlipConverter: Sendable {
    /// How the weights are stored.
    public enum Weights: String, Sendable, CaseIterable, Codable {
        /// Half precision, as the OpenVINO notebook stores them.
        case f16
        /// Matrices as 8-bit integers with a scale a row, all else in half precision: half the
        /// size, and a decoder that reads half as much.
        case int8
        /// As ``int8``, with one bit less, for 8-bit activations on processors without VNNI, whose
        /// sums of products of 8 bits saturate.
        case int7
        /// Matrices as 4-bit integers with a scale for every 64, the vocabulary's as in ``int8``: a
        /// third of the size. It costs some accuracy: try it on your own pictures.
        case int4

        var storage: WeightStorage {
            switch self {
            case .f16: .f16
            case .int8: .integers(.int8)
            case .int7: .integers(.int7)
            case .int4: .integers(.int4)
            }
        }
    }

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

    let checkpoint: URL
    var factory: GraphFactory
    private let weights: Weights
    private let companions: [URL]
    /// What ``calibrated(on:maximumDrop:progress:)`` learned; `nil` for a converter that leaves
    /// activations as they are.
    public internal(set) var calibration: Calibration?

    /// - Parameters:
    ///   - checkpoint: a folder as Hugging Face publishes it, or one of Salesforce's files.
    ///   - weights: how they are stored.
    ///   - modelCache: as ``RuntimeOptions/modelCache``.
    /// - Throws: ``BlipError`` for a folder that is converted already or is no BLIP checkpoint.
    public init(checkpoint: URL, weights: Weights = .f16, modelCache: URL? = nil) throws {
        guard try ConversionManifest(in: checkpoint) == nil else {
            throw BlipError(
                .invalidOption,
                "\(checkpoint.path) is converted already; give the checkpoint that it was made of")
        }
        self.checkpoint = checkpoint
        self.weights = weights
        let files = try CheckpointFiles(checkpoint, modelCache: modelCache)
        companions = files.companions
        factory = try GraphFactory(files, storage: weights.storage)
    }

    /// Writes the folder.
    ///
    /// Everything goes into a hidden folder beside `output` first, which is renamed when it is
    /// whole: nothing half-written is ever found under the name, and what stood there is replaced
    /// only then. An error removes the hidden folder; of a program that was killed, the next
    /// conversion to the same place does.
    ///
    /// - Parameters:
    ///   - output: a folder that need not exist; an existing one must be a converted one.
    ///   - progress: called before each part with its name, its number from 1, and their count.
    /// - Throws: ``BlipError`` for a folder that is no converted model or cannot be written, the
    ///   checkpoint's errors, and `CancellationError`.
    public func write(
        to output: URL, progress: (String, Int, Int) -> Void = { _, _, _ in }
    ) throws -> Output {
        do {
            return try writeFiles(to: output, progress)
        } catch let error as CocoaError {
            throw BlipError(
                .unwritable,
                "\(output.path) cannot be written (\(error.localizedDescription)); check that you "
                    + "may write there and that the disk has room")
        }
    }

    private func writeFiles(
        to output: URL, _ progress: (String, Int, Int) -> Void
    ) throws -> Output {
        let files = FileManager.default
        if files.fileExists(atPath: output.path), !ConversionManifest.exists(in: output),
            (try? files.contentsOfDirectory(atPath: output.path))?.isEmpty != true
        {
            throw BlipError(
                .invalidOption,
                "\(output.path) exists and is no converted model; choose another folder")
        }
        let parent = output.deletingLastPathComponent()
        try files.createDirectory(at: parent, withIntermediateDirectories: true)
        let prefix = ".\(output.lastPathComponent)."
        for name in try files.contentsOfDirectory(atPath: parent.path)
        where name.hasPrefix(prefix) && name.hasSuffix(".partial") {
            try? files.removeItem(at: parent.appending(path: name))
        }
        let partial = parent.appending(path: "\(prefix)\(UUID().uuidString).partial")
        try files.createDirectory(at: partial, withIntermediateDirectories: false)
        defer { try? files.removeItem(at: partial) }

        let parts = ModelPart.allCases.filter(factory.availableParts.contains)
        var bytes = 0
        for (index, part) in parts.enumerated() {
            try Task.checkCancellation()
            progress(part.rawValue, index + 1, parts.count)
            bytes += try factory.graph(part).write(
                to: partial, named: part.rawValue,
                blob: factory.source.checkpoint.region.base)
            factory.source.checkpoint.region.releasePages()
        }
        try copyCompanions(to: partial)
        let manifest = ConversionManifest(
            weights: weights, parts: parts,
            tasks: BlipTask.allCases.filter(factory.availableTasks.contains))
        try JSONEncoder().encode(manifest)
            .write(to: partial.appending(path: ConversionManifest.fileName), options: .atomic)
        // Aside, not away, until the new one has its place.
        let old = parent.appending(path: "\(prefix)\(UUID().uuidString).partial")
        let replaces = files.fileExists(atPath: output.path)
        if replaces { try files.moveItem(at: output, to: old) }
        try files.moveItem(at: partial, to: output)
        if replaces { try files.removeItem(at: old) }
        return Output(folder: output, bytes: bytes, parts: parts.map(\.rawValue))
    }

    private func copyCompanions(to folder: URL) throws {
        // For a file without one: what its tensors told.
        try JSONEncoder().encode(factory.configuration)
            .write(to: folder.appending(path: "config.json"))
        for file in companions {
            // Through its content: in a hub's cache these are links.
            try Data(contentsOf: file)
                .write(to: folder.appending(path: file.lastPathComponent))
        }
    }
}
