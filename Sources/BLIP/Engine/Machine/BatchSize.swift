/// How many pictures or texts best run together.
package enum BatchSize {
    /// Of a model of base size at 384 x 384.
    private static let baseBytes = 100e6
    /// Fewer gain too little by running together, even on one core.
    private static let least = 8
    /// More gain nothing, and their first results come late.
    private static let most = 64

    /// Two for each thread, so that products have rows enough for all of them; of smaller pictures twice as many,
    /// which take no more memory; as many as fit into half of the memory that is left.
    ///
    /// Measured: docs/performance.md, "All cores".
    ///
    /// - Parameters:
    ///   - threads: those that an inference may use; `nil` for as many as the machine has.
    ///   - bytesPerPicture: what a picture takes while the model looks at it.
    package static func chosen(
        threads: Int? = nil, bytesPerPicture: Double? = nil,
        on machine: MachineResources = .current
    ) -> Int {
        let threads = min(threads ?? .max, machine.processors)
        let bytes = max(1, bytesPerPicture ?? baseBytes)
        let wanted = min(max(2 * threads, least) * (2 * bytes <= baseBytes ? 2 : 1), most)
        guard let memory = machine.availableMemory else { return wanted }
        let held = Double(memory) / 2 / bytes
        return max(1, Int(min(Double(wanted), held)))
    }
}
