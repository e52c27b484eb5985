import OpenVINO

/// The name of a compiled part in the cache folder: the same only where graph, weights, settings,
/// device and runtime are.
///
/// OpenVINO's own name is a hash of the whole model, for which a quarter of a gigabyte of weights
/// is read again at every start.
enum CompilationID {
    /// - Parameter contents: the graph and the states of its weights' files; see ``PartGraph/contents``.
    static func make(
        _ contents: String, for device: String, _ properties: [Property],
        with core: Core
    ) -> UInt64 {
        // What is compiled is for this very processor.
        let hardware = (try? core.fullDeviceName(device)) ?? ""
        let settings = properties.map(\.description).sorted().joined(separator: " ")
        let parts = [contents, device, settings, hardware, Core.version]
        return hash(parts.joined(separator: "\0").utf8)
    }

    static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = StableHash()
        hash.add(bytes)
        return hash.value
    }
}
