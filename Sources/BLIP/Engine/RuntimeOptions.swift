public import Foundation

/// Where and how a model runs.
public struct RuntimeOptions: Sendable, Hashable {
    /// A device as OpenVINO names it: `CPU`, `GPU`, `NPU`, `AUTO`, `GPU.1`, `HETERO:GPU,CPU`.
    ///
    /// All but processors are compared with the processor before their first use, and where one computes something
    /// else, or fails, the processor is used; ``BlipLog`` tells of it. The verdict is kept in ``cacheDirectory``.
    /// `AUTO` is the quickest device that passed, or the processor where that is quicker.
    public var device: String
    /// The type that products are computed in.
    public var precision: Precision
    /// Where compiled models are kept, so that the next start is quick; `nil` keeps none. Each has a folder
    /// `swift-blip-NUMBER` in it; those that were not used for 30 days are deleted when another is
    /// added, and nothing else is. Text models of 16-bit weights are compiled anew at f32, where their weights stay that small.
    public var cacheDirectory: URL?
    /// Threads that an inference may use; `nil` leaves it to the device.
    public var threads: Int?
    /// The most single calls that share a batch; `nil` for as many as suit the machine, see
    /// ``BlipModel/batchSize``.
    public var batchSize: Int?
    /// Height and width, in pixels, of the pictures that the model looks at: a multiple of the patch, which
    /// position embeddings are interpolated for; `nil` for what the checkpoint was trained on. Fewer pixels
    /// are quicker, and show less.
    public var imageSize: Int?
    /// What a checkpoint's weights are rounded to when it is loaded; `nil` leaves them as they are. Rounded
    /// models are kept in ``cacheDirectory``, so that only the first start takes the time.
    public var weights: WeightFormat?
    /// Where the model that an adapter changes is looked for, laid out as `huggingface_hub` does;
    /// beside the adapter it is found without.
    public var modelCache: URL?
    /// Whether graphs have shapes of their own for each size of batch and text, or one of open shapes for all;
    /// `nil` for what the device wants.
    public var shapes: Shapes?
    /// Which devices are checked before their first use.
    var checks = DeviceGate.Scope.accelerators
    /// For tests: what is wrong with the device.
    package var fault: WeightFault?
    /// For tests: the inferences after which a device that is not the processor is gone.
    var vanishesAfter: Int?
    /// For tests: whether all is rounded as a device would that computes in f16.
    var roundsToHalf = false
    /// Whether graphs put out how large their numbers are.
    var observesMagnitudes = false

    /// - Parameters:
    ///   - device: a device as OpenVINO names it; `AUTO` is the quickest that passed a check, or the
    ///     processor.
    ///   - precision: the type that products are computed in.
    ///   - cacheDirectory: where compiled models are kept; `nil` keeps none.
    ///   - threads: threads that an inference may use; `nil` leaves it to the device.
    ///   - modelCache: where the model that an adapter changes is looked for.
    ///   - imageSize: height and width of the pictures that the model looks at; `nil` for its own.
    ///   - batchSize: the most single calls that share a batch; `nil` for as many as suit the machine.
    ///   - weights: what a checkpoint's weights are rounded to; `nil` leaves them as they are.
    ///   - shapes: whether shapes are fixed; `nil` for what the device wants.
    public init(
        device: String = "AUTO", precision: Precision = .automatic, cacheDirectory: URL? = nil,
        threads: Int? = nil, modelCache: URL? = nil, imageSize: Int? = nil,
        weights: WeightFormat? = nil, batchSize: Int? = nil, shapes: Shapes? = nil
    ) {
        self.device = device
        self.precision = precision
        self.cacheDirectory = cacheDirectory
        self.threads = threads
        self.modelCache = modelCache
        self.imageSize = imageSize
        self.weights = weights
        self.batchSize = batchSize
        self.shapes = shapes
    }

    func validate() throws(BlipError) {
        if let threads, threads < 1 {
            throw BlipError(
                .invalidOption,
                "\(threads) threads cannot run a model; give 1 or more, or none for as many as the device likes"
            )
        }
        if let batchSize, batchSize < 1 {
            throw BlipError(
                .invalidOption,
                "A batch of \(batchSize) is none; give 1 or more, or none for as many as suit the machine"
            )
        }
    }

    /// How the sizes of graphs are known.
    public enum Shapes: String, Sendable, Hashable, CaseIterable {
        /// Open until a request comes: what processors want.
        case dynamic
        /// Known when a graph is compiled, one for each of a few sizes, to which requests are padded: what
        /// GPUs are most tested with, and NPUs ask for. Results are the same.
        case fixed
    }

    /// The type that a device computes in.
    public enum Precision: String, Sendable, Hashable, CaseIterable {
        /// What the device does best: bf16 on processors that have it, but f32 for pictures where that is
        /// quicker, on Intel's without AMX.
        case automatic = "auto"
        /// Tokens equal to those of the reference.
        case f32
        /// Half precision; for devices that compute in it, such as GPUs.
        case f16
        /// Brain floating point, 8 bits of precision; quick where the processor has instructions
        /// for it.
        case bf16
    }
}
