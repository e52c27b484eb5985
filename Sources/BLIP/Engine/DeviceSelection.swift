import OpenVINO

/// The devices that a name stands for: `GPU` for itself, `AUTO` or `HETERO:GPU,CPU` for several.
struct DeviceSelection: Sendable {
    /// As a model is compiled for it.
    let name: String
    /// Those that may run a model. `AUTO` and its like know only their own properties, so everything
    /// else is asked of these.
    let devices: [String]
    /// The machine's.
    private let present: [String]

    /// - Parameters:
    ///   - name: as ``RuntimeOptions/device`` has it.
    ///   - present: the machine's devices; empty where they could not be asked for.
    init(_ name: String, present: [String]) {
        self.present = present
        // The one device that there is need not be chosen, and compiles under a name of its own.
        if name == "AUTO", present.count == 1, let device = present.first {
            (self.name, devices) = (device, [device])
            return
        }
        self.name = name
        let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
        guard let kind = parts.first, Self.virtual.contains(kind) else {
            devices = [name]
            return
        }
        // AUTO:GPU,CPU; AUTO:-GPU leaves one out; MULTI:GPU(4) says how many inferences it takes.
        let listed = (parts.dropFirst().first ?? "").split(separator: ",")
            .map { String($0.prefix { $0 != "(" }) }
        let excluded = listed.filter { $0.hasPrefix("-") }.map { Self.base(String($0.dropFirst())) }
        let given = listed.filter { !$0.hasPrefix("-") }
        devices = given.isEmpty ? present.filter { !excluded.contains(Self.base($0)) } : given
    }

    /// OpenVINO's stand-ins for other devices.
    private static let virtual = ["AUTO", "HETERO", "MULTI", "BATCH"]

    /// `GPU` of `GPU.1`.
    private static func base(_ device: String) -> String { String(device.prefix { $0 != "." }) }

    /// Whether it is one of OpenVINO's stand-ins for other devices.
    var isVirtual: Bool { devices != [name] }

    /// Whether it is the processor, and nothing else.
    var isProcessor: Bool { !isVirtual && Self.base(name) == "CPU" }

    /// Whether a processor may run the model.
    var mayUseProcessor: Bool { devices.contains { Self.base($0) == "CPU" } }

    /// Whether graphs want their shapes known: GPUs, on which open shapes are known to have given wrong numbers
    /// (openvinotoolkit/openvino issues 37573, 36831, 37663), and NPUs, which take no others.
    var wantsFixedShapes: Bool { devices.contains { ["GPU", "NPU"].contains(Self.base($0)) } }

    /// - Throws: ``BlipError`` for a device that the machine does not have.
    func check() throws(BlipError) {
        let known = present.map(Self.base)
        guard !known.isEmpty, let missing = devices.first(where: { !known.contains(Self.base($0)) })
        else { return }
        throw BlipError(
            .unknownDevice,
            "There is no device \"\(missing)\"; this machine has \(present.joined(separator: ", ")), "
                + "and AUTO chooses for you")
    }
}
