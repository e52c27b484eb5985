import Foundation
package import OpenVINO

/// What runs a device besides OpenVINO: a verdict on it holds as long as that stays the same.
package enum DeviceDriver {
    /// Libraries of Intel's drivers for GPUs and NPUs, by what their package managers call them.
    private static let libraries = [
        "libze_intel_gpu.so.1", "libze_intel_npu.so.1", "libze_intel_vpu.so.1",
        "intel-opencl/libigdrcl.so", "libze_loader.so.1",
    ]
    private static let folders = [
        "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib",
    ]

    /// The driver's version where the device or its library's name tells it; `nil` for processors.
    package static func version(of device: String, with core: Core) -> String? {
        if let version = try? core.property("NPU_DRIVER_VERSION", on: device) { return version }
        guard !device.hasPrefix("CPU") else { return nil }
        let kind = device.hasPrefix("NPU") ? ["npu", "vpu"] : ["gpu", "igdrcl"]
        return installed.first { file in kind.contains { file.name.contains($0) } }?.name
    }

    /// The state of everything that a device may depend on.
    static var state: String {
        ([kernel] + installed.map { "\($0.name) \($0.date)" }).joined(separator: " ")
    }

    /// Each library under the name that its links lead to, which has its version.
    private static var installed: [(name: String, date: TimeInterval)] {
        folders.flatMap { folder in
            libraries.compactMap { library in
                let file = URL(filePath: "\(folder)/\(library)").resolvingSymlinksInPath()
                let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
                guard let date = attributes?[.modificationDate] as? Date else { return nil }
                return (file.lastPathComponent, date.timeIntervalSince1970)
            }
        }
    }

    private static var kernel: String {
        let file = "/proc/sys/kernel/osrelease"
        return ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
