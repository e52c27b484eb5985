public import Foundation

/// Where and how a model runs.
public struct RuntimeOptions: Sendable, Hashable {
    /// A device as OpenVINO names it: `CPU`, `GPU`, `NPU`, `AUTO`, `GPU.1`, `HETERO:GPU,CPU`.
    public var device: String
    /// The type that products are computed in.
    public var precision: Precision
    /// Where compiled models are kept, so that the next start is quick; `nil` keeps none.
    public var cacheDirectory: URL?
    /// Threads that an inference may use; `nil` leaves it to the device.
    public var threads: Int?

    public init(
        device: String = "AUTO", precision: Precision = .automatic, cacheDirectory: URL? = nil,
        threads: Int? = nil
    ) {
        self.device = device
        self.precision = precision
        self.cacheDirectory = cacheDirectory
        self.threads = threads
    }

    /// The type that a device computes in.
    public enum Precision: String, Sendable, Hashable, CaseIterable {
        /// What the device does best: bf16 on processors that have it.
        case automatic = "auto"
        /// Tokens equal to those of the reference.
        case f32
        case f16
        case bf16
    }
}
