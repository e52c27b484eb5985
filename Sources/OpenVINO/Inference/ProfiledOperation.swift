internal import COpenVINO

/// What one operation of a model cost in the last inference.
package struct ProfiledOperation: Hashable, Sendable {
    /// What became of the operation.
    package struct Status: RawRepresentable, Hashable, Sendable {
        package let rawValue: UInt32

        package init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        /// The inference did not come to it.
        package static let notRun = Self(rawValue: NOT_RUN.rawValue)
        /// Fused into another, or not needed.
        package static let optimizedOut = Self(rawValue: OPTIMIZED_OUT.rawValue)
        /// It ran.
        package static let executed = Self(rawValue: EXECUTED.rawValue)
    }

    /// The operation's name in the model that really ran (``CompiledModel/runtimeModel()``).
    package let name: String
    /// The kind of operation, such as `MatMul`.
    package let type: String
    /// How the device ran it: the kernel and its precision, such as `brgemm_avx512_bf16`.
    package let implementation: String
    /// Whether it ran.
    package let status: Status
    /// From its start to its end.
    package let wallTime: Duration
    /// Of the processor, summed over threads where the device measures that.
    package let cpuTime: Duration
}

extension InferRequest {
    /// The operations of the last inference and what each cost, in the order that they ran in.
    ///
    /// - Throws: ``OpenVINOError`` unless the model was compiled with
    ///   ``Property/enableProfiling(_:)``.
    package func profile() throws(OpenVINOError) -> [ProfiledOperation] {
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
