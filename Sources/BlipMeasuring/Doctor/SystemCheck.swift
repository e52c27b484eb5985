import Foundation

/// What a Linux system lacks for its Intel GPU or NPU to be used, and how to get it.
struct SystemCheck {
    enum Accelerator: String, CaseIterable {
        case gpu = "GPU"
        case npu = "NPU"
    }

    /// Where the system's files are; `/` but for tests.
    var root = ""
    /// Whether this user may read and write a device's file.
    var mayOpen: (String) -> Bool = { access($0, R_OK | W_OK) == 0 }

    /// Whether a PCI device of this kind is there; `false` where the system does not tell.
    func isPresent(_ kind: Accelerator) -> Bool {
        let devices = root + "/sys/bus/pci/devices"
        return names(in: devices).contains { name in
            let read = { (file: String) in text("\(devices)/\(name)/\(file)") }
            // Display controllers; processing accelerators.
            let isOfKind = read("class").hasPrefix(kind == .gpu ? "0x03" : "0x1200")
            return isOfKind && read("vendor") == "0x8086"
        }
    }

    /// What to do so that OpenVINO sees a device that is there: the first thing that is missing.
    func advice(for kind: Accelerator) -> String {
        let (folder, prefix) = kind == .gpu ? ("/dev/dri", "renderD") : ("/dev/accel", "accel")
        let nodes = names(in: root + folder)
            .filter { $0.hasPrefix(prefix) && mayBeIntels($0, kind) }
            .sorted().map { "\(folder)/\($0)" }
        guard !nodes.isEmpty else {
            let modules = kind == .gpu ? "i915 or xe" : "intel_vpu"
            return
                "\(folder) has no \(prefix)… of an Intel device: load the kernel's driver (\(modules); a "
                + "newer kernel may be needed), and in a container pass the device on (docker run --device "
                + "\(folder))."
        }
        let closed = nodes.filter { !mayOpen(root + $0) }
        guard closed.isEmpty else {
            let groups = Set(closed.map { owner(of: root + $0) }).sorted().joined(separator: ",")
            return
                "You may not open \(closed.joined(separator: ", ")): sudo usermod -aG \(groups) $USER and "
                + "log in again; in a container add each group's number (docker run --group-add)."
        }
        let (libraries, packages) = Self.userSpace(kind)
        let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib"]
        let isInstalled = folders.contains { folder in
            libraries.contains {
                FileManager.default.fileExists(atPath: "\(root)\(folder)/\($0)")
            }
        }
        guard isInstalled else {
            return "The \(kind.rawValue)'s driver for programs is not installed: \(packages)."
        }
        return
            "The driver is there, and OpenVINO does not list \(nodes.joined(separator: ", ")): see that "
            + "the runtime has its plugin (libopenvino_intel_\(kind.rawValue.lowercased())_plugin.so), and that "
            + "driver and kernel are of the same age."
    }

    /// Whether a node is not another maker's: a machine may have several cards. The system need not tell.
    private func mayBeIntels(_ node: String, _ kind: Accelerator) -> Bool {
        let devices = root + (kind == .gpu ? "/sys/class/drm" : "/sys/class/accel")
        return ["", "0x8086"].contains(text("\(devices)/\(node)/device/vendor"))
    }

    private static func userSpace(_ kind: Accelerator) -> (libraries: [String], packages: String) {
        switch kind {
        case .gpu:
            (
                ["intel-opencl/libigdrcl.so", "libigdrcl.so", "libze_intel_gpu.so.1"],
                "on Debian and Ubuntu, sudo apt-get install intel-opencl-icd; newer ones are at "
                    + "github.com/intel/compute-runtime/releases"
            )
        case .npu:
            (
                ["libze_intel_npu.so.1", "libze_intel_vpu.so.1"],
                "install its packages (firmware, compiler, level-zero) from "
                    + "github.com/intel/linux-npu-driver/releases"
            )
        }
    }

    private func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private func text(_ file: String) -> String {
        ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func owner(of file: String) -> String {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        let group = attributes?[.groupOwnerAccountName] as? String
        return group.flatMap { $0 == "root" ? nil : $0 } ?? "render"
    }
}

/// The OpenVINO that this program was made and tested with.
enum TestedRuntime {
    static let release = (2026, 4)

    /// What to do about another one; `nil` for none.
    ///
    /// - Parameter version: as the runtime tells it, such as `2026.4.1-21919-…`.
    static func advice(_ version: String) -> String? {
        let numbers = version.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        guard numbers.count == 2, (numbers[0], numbers[1]) < release else { return nil }
        return
            "OpenVINO \(numbers[0]).\(numbers[1]) is older than \(release.0).\(release.1), with which this "
            + "program was tested: fetch that with Tools/setup, or swift package fetch-openvino."
    }
}
