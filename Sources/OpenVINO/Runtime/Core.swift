internal import COpenVINO

/// OpenVINO's runtime: finds devices, reads models, compiles them.
///
/// Keep one for the life of the program (``shared``): each loads the device plug-ins anew. It may be
/// used from any thread, by OpenVINO's own guarantee.
public final class Core: Sendable {
    /// The only reference to the C object; freed in `deinit`.
    /// Unchecked: `ov::Core` locks inside.
    nonisolated(unsafe) let pointer: OpaquePointer

    /// A runtime of one's own, with its own properties; most programs want ``shared``.
    package init() throws(OpenVINOError) {
        pointer = try created("start its runtime") { ov_core_create(&$0) }
    }

    deinit {
        ov_core_free(pointer)
    }

    private static let launched: Result<Core, OpenVINOError> = {
        do throws(OpenVINOError) {
            return .success(try Core())
        } catch {
            return .failure(error)
        }
    }()

    /// The runtime that all parts of a program share.
    public static var shared: Core {
        get throws(OpenVINOError) { try launched.get() }
    }

    /// OpenVINO's version and build, such as `2026.4.1-21919-…`.
    package static var version: String {
        var version = ov_version_t()
        guard ov_get_openvino_version(&version) == OK else { return "unknown" }
        defer { ov_version_free(&version) }
        return version.buildNumber.map { String(cString: $0) } ?? "unknown"
    }

    /// OpenVINO's version and build.
    package var version: String { Self.version }

    /// The devices of this machine, as ``compile(_:for:properties:)`` takes them: `CPU`, `GPU.0` …
    public func devices() throws(OpenVINOError) -> [String] {
        var devices = ov_available_devices_t()
        try check(ov_core_get_available_devices(pointer, &devices), "list its devices")
        defer { ov_available_devices_free(&devices) }
        return UnsafeBufferPointer(start: devices.devices, count: Int(devices.size))
            .compactMap { $0.map { String(cString: $0) } }
    }

    /// The value of a device's property, as text.
    ///
    /// - Throws: ``OpenVINOError`` when there is no such device, or it has no such property.
    public func property(_ key: String, on device: String) throws(OpenVINOError) -> String {
        try string("read the property \(key) of device \(device)") {
            ov_core_get_property(pointer, device, key, &$0)
        }
    }

    /// The device's name for people, such as the processor's model.
    public func fullDeviceName(_ device: String) throws(OpenVINOError) -> String {
        try property("FULL_DEVICE_NAME", on: device)
    }

    /// What the device is good at: the types it computes in (`FP32`, `BF16`, `INT8` …) and abilities
    /// such as `EXPORT_IMPORT`.
    package func capabilities(of device: String) throws(OpenVINOError) -> [String] {
        try property("OPTIMIZATION_CAPABILITIES", on: device)
            .split(whereSeparator: { $0.isWhitespace || $0 == "," }).map(String.init)
    }

    /// Sets properties for all later compilations.
    ///
    /// - Parameters:
    ///   - properties: such as ``Property/threads(_:)``.
    ///   - device: nil sets them for every device that has them.
    package func setProperties(
        _ properties: [Property], on device: String? = nil
    ) throws(OpenVINOError) {
        let text = properties.map(\.description).joined(separator: ", ")
        let status = properties.withCProperties {
            ov_core_set_properties(pointer, device, $1, $0)
        }
        try check(status, "set \(text) on \(device ?? "all devices")")
    }
}
