public import Foundation

/// A setting of a device or a compilation: a key and a value, as OpenVINO writes them.
///
/// What has no name here is set by its key: `Property("SNIPPETS_MODE", "DISABLE")`.
public struct Property: Hashable, Sendable {
    /// OpenVINO's name for the setting, such as `NUM_STREAMS`.
    public let key: String
    /// The value, as OpenVINO writes it.
    public let value: String

    /// A setting by its key; whether a device knows it shows when the setting is used.
    public init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }

    init(_ key: String, _ value: Bool) {
        self.init(key, value ? "YES" : "NO")
    }
}

extension Property {
    /// What a device is tuned for.
    package struct PerformanceHint: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// One request at a time, as fast as possible.
        package static let latency = Self(rawValue: "LATENCY")
        /// Many requests at once.
        package static let throughput = Self(rawValue: "THROUGHPUT")
        /// Many requests at once, on all devices together (for AUTO).
        package static let cumulative = Self(rawValue: "CUMULATIVE_THROUGHPUT")
    }

    /// What wins where speed and exactness disagree.
    package struct ExecutionMode: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The device may compute in narrower types.
        package static let performance = Self(rawValue: "PERFORMANCE")
        /// The device computes in the model's own types.
        package static let accuracy = Self(rawValue: "ACCURACY")
    }

    /// Which cores of a hybrid processor do the work.
    package struct CoreType: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// All cores.
        package static let any = Self(rawValue: "ANY_CORE")
        /// The quick ones alone.
        package static let performance = Self(rawValue: "PCORE_ONLY")
        /// The economical ones alone.
        package static let efficiency = Self(rawValue: "ECORE_ONLY")
    }
}

extension Property {
    /// The type that the device computes in. On processors with bf16 instructions the CPU's default
    /// is `.bf16`; ask for `.f32` to compare with a reference.
    public static func inferencePrecision(_ type: ElementType) -> Self {
        Self("INFERENCE_PRECISION_HINT", type.description)
    }

    /// What the device is tuned for.
    package static func performanceHint(_ hint: PerformanceHint) -> Self {
        Self("PERFORMANCE_HINT", hint.rawValue)
    }

    /// Where compiled models are kept, so that the next compilation of the same model loads instead.
    /// The folder is created on first use.
    public static func cacheDirectory(_ folder: URL) -> Self {
        Self("CACHE_DIR", folder.path(percentEncoded: false))
    }

    /// The name of a compilation in the cache, in place of one that OpenVINO computes from the whole
    /// model; whoever sets it makes sure that it differs where models or settings do.
    ///
    /// For one device: what `AUTO` or `HETERO` compile for several would have the same name.
    package static func cacheBlobID(_ id: UInt64) -> Self {
        Self("CACHE_BLOB_ID", String(id))
    }

    /// The number of threads that an inference may use; 0 leaves it to the device.
    public static func threads(_ count: Int) -> Self {
        Self("INFERENCE_NUM_THREADS", String(count))
    }

    /// The number of requests that run at the same time.
    package static func streams(_ count: Int) -> Self {
        Self("NUM_STREAMS", String(count))
    }

    /// What wins where speed and exactness disagree.
    package static func executionMode(_ mode: ExecutionMode) -> Self {
        Self("EXECUTION_MODE_HINT", mode.rawValue)
    }

    /// Whether ``InferRequest/profile()`` has times to report.
    package static func enableProfiling(_ enabled: Bool) -> Self {
        Self("PERF_COUNT", enabled)
    }

    /// Properties for one of the devices that AUTO, HETERO or MULTI choose from.
    package static func of(device: String, _ properties: [Property]) -> Self {
        let settings = properties.map { "\($0.key):\($0.value)" }.joined(separator: ",")
        return Self("DEVICE_PROPERTIES", "{\(device):{\(settings)}}")
    }

    /// The number of activations that share one scale where matrix products with compressed weights
    /// quantise their activations on the fly; 0 turns that off.
    package static func dynamicQuantizationGroupSize(_ size: Int) -> Self {
        Self("DYNAMIC_QUANTIZATION_GROUP_SIZE", String(size))
    }

    /// The type in which a stateful model's key-value cache is kept.
    package static func kvCachePrecision(_ type: ElementType) -> Self {
        Self("KV_CACHE_PRECISION", type.description)
    }

    /// Which cores of a hybrid processor do the work.
    package static func schedulingCoreType(_ type: CoreType) -> Self {
        Self("SCHEDULING_CORE_TYPE", type.rawValue)
    }

    /// Whether each thread stays on its processor.
    package static func enableCPUPinning(_ enabled: Bool) -> Self {
        Self("ENABLE_CPU_PINNING", enabled)
    }

    /// Whether both logical processors of a core may work.
    package static func enableHyperThreading(_ enabled: Bool) -> Self {
        Self("ENABLE_HYPER_THREADING", enabled)
    }

    /// How many requests the program will keep in flight, for the device to size its streams by.
    package static func requests(_ count: Int) -> Self {
        Self("PERFORMANCE_HINT_NUM_REQUESTS", String(count))
    }
}

extension Property: CustomStringConvertible {
    public var description: String { "\(key)=\(value)" }
}
