internal import COpenVINO

/// What one operation of a model cost in the last inference.
public struct ProfiledOperation: Hashable, Sendable {
    /// What became of the operation.
    public struct Status: RawRepresentable, Hashable, Sendable {
        public let rawValue: UInt32

        public init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        public static let notRun = Self(rawValue: NOT_RUN.rawValue)
        /// Fused into another, or not needed.
        public static let optimizedOut = Self(rawValue: OPTIMIZED_OUT.rawValue)
        public static let executed = Self(rawValue: EXECUTED.rawValue)
    }

    public let name: String
    /// The kind of operation, such as `MatMul`.
    public let type: String
    /// How the device ran it: the kernel and its precision, such as `brgemm_avx512_bf16`.
    public let implementation: String
    public let status: Status
    /// From its start to its end.
    public let wallTime: Duration
    /// Of the processor, summed over threads where the device measures that.
    public let cpuTime: Duration
}

extension InferRequest {
    /// The operations of the last inference and what each cost, in the order that they ran in.
    ///
    /// - Throws: ``OpenVINOError`` unless the model was compiled with
    ///   ``Property/enableProfiling(_:)``.
    public func profile() throws(OpenVINOError) -> [ProfiledOperation] {
        var list = ov_profiling_info_list_t()
        try check(
            ov_infer_request_get_profiling_info(handle.pointer, &list),
            "read an inference's profile")
        defer { ov_profiling_info_list_free(&list) }
        return UnsafeBufferPointer(start: list.profiling_infos, count: list.size).map {
            ProfiledOperation(
                name: text($0.node_name), type: text($0.node_type),
                implementation: text($0.exec_type), status: .init(rawValue: $0.status.rawValue),
                wallTime: .microseconds($0.real_time), cpuTime: .microseconds($0.cpu_time))
        }
    }

    private func text(_ pointer: UnsafePointer<CChar>?) -> String {
        pointer.map { String(cString: $0) } ?? ""
    }
}
