import BLIP
import BlipDemoModel
import Foundation
import Testing

@testable import BlipMeasuring

@Suite("blip doctor")
struct DoctorTests {
    private func rows(_ device: String, fault: WeightFault? = nil) throws -> [DoctorRow] {
        var options = RuntimeOptions(precision: fault == nil ? .automatic : .f32)
        options.fault = fault
        var rows: [DoctorRow] = []
        try Doctor(DemoModel.folder, options: options, devices: [device]).run { rows.append($0) }
        return rows
    }

    /// OpenVINO's own stand-ins for devices compute what the processor does.
    @Test(arguments: ["CPU", "AUTO:CPU", "HETERO:CPU", "BATCH:CPU"])
    func aDeviceThatComputesTheSame(device: String) throws {
        let row = try #require(try rows(device).first)
        #expect(row.verdict == "right", "\(row.lines)")
        let agreement = try #require(row.agreement)
        #expect(agreement.embeddings > 0.99 && agreement.embeddings <= 1.00001)
        #expect((agreement.tokens ?? 0) > 0.8)
        #expect((agreement.matchProbability ?? 1) < 0.05)
        #expect(row.parts.count == 6 && row.parts.allSatisfy(\.compiles))
        #expect((row.vision ?? 0) > 0 && (row.token ?? 0) > 0)
        let json = try #require(String(data: JSONEncoder().encode(row), encoding: .utf8))
        for field in ["device", "name", "capabilities", "verdict", "agreement", "advice"] {
            #expect(json.contains("\"\(field)\""))
        }
    }

    /// One weight of one part is wrong, and everything else is right.
    @Test(arguments: ModelPart.allCases)
    func aFaultIsFound(part: ModelPart) throws {
        let row = try #require(
            try rows("HETERO:CPU", fault: WeightFault(in: part, scale: -2)).first)
        #expect(row.verdict == "wrong", "\(part): \(row.lines)")
        #expect(row.advice.contains { $0.contains("not used") })
        #expect(!row.isUsable)
    }

    @Test func aDeviceThatIsNotThereFails() throws {
        let row = try #require(try rows("HETERO:NPU").first)
        #expect(row.verdict == "fails")
        #expect(row.agreement == nil)
        #expect(row.parts.contains { $0.error != nil })
    }

    @Test func anOldRuntimeIsTold() {
        #expect(TestedRuntime.advice("2025.3.0-19807-abc")?.contains("2025.3") == true)
        for version in ["2026.4.1-21919-x", "2027.0.0", "unknown"] {
            #expect(TestedRuntime.advice(version) == nil)
        }
    }
}

@Suite("What a system lacks")
struct SystemCheckTests {
    private func system(_ files: [String: String], closed: [String] = []) throws -> SystemCheck {
        let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        for (name, text) in files {
            let file = root.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return SystemCheck(root: root.path) { file in !closed.contains { file.hasSuffix($0) } }
    }

    private static func pci(_ kind: String) -> [String: String] {
        [
            "sys/bus/pci/devices/0000:00:02.0/class": kind + "\n",
            "sys/bus/pci/devices/0000:00:02.0/vendor": "0x8086\n",
        ]
    }

    @Test func intelDevicesAreFound() throws {
        let laptop = try system(Self.pci("0x030000"))
        #expect(laptop.isPresent(.gpu) && !laptop.isPresent(.npu))
        #expect(try system(Self.pci("0x120000")).isPresent(.npu))
        let other = [
            "sys/bus/pci/devices/x/class": "0x030000", "sys/bus/pci/devices/x/vendor": "0x10de",
        ]
        #expect(try !system(other).isPresent(.gpu))
    }

    /// Each step that is missing is named, and nothing behind it.
    @Test func theFirstThingMissingIsNamed() throws {
        let node = ["dev/dri/renderD128": ""]
        let library = ["usr/lib/x86_64-linux-gnu/intel-opencl/libigdrcl.so": ""]
        #expect(try system([:]).advice(for: .gpu).contains("/dev/dri has no renderD"))
        #expect(try system(node, closed: ["renderD128"]).advice(for: .gpu).contains("usermod -aG"))
        #expect(try system(node).advice(for: .gpu).contains("intel-opencl-icd"))
        let whole = node.merging(library) { $1 }
        #expect(try system(whole).advice(for: .gpu).contains("libopenvino_intel_gpu_plugin"))
        #expect(try system([:]).advice(for: .npu).contains("/dev/accel has no accel"))
        #expect(try system(["dev/accel/accel0": ""]).advice(for: .npu).contains("linux-npu-driver"))
    }

    /// A machine may have cards of several makers, and of each several.
    @Test func everyNodeIsLookedAt() throws {
        let cards = [
            "dev/dri/renderD128": "", "dev/dri/renderD129": "", "dev/dri/renderD130": "",
            "sys/class/drm/renderD128/device/vendor": "0x10de\n",
            "sys/class/drm/renderD129/device/vendor": "0x8086\n",
        ]
        let last = try system(cards, closed: ["renderD130"]).advice(for: .gpu)
        #expect(last.hasPrefix("You may not open /dev/dri/renderD130: sudo usermod -aG"))
        let two = try system(cards, closed: ["renderD129", "renderD130"]).advice(for: .gpu)
        #expect(two.contains("open /dev/dri/renderD129, /dev/dri/renderD130: sudo usermod -aG"))
        // Another maker's is of no matter.
        let other = try system(cards, closed: ["renderD128"]).advice(for: .gpu)
        #expect(other.contains("intel-opencl-icd"))
        let alone = cards.filter { $0.key.contains("128") }
        #expect(
            try system(alone).advice(for: .gpu).contains("/dev/dri has no renderD… of an Intel"))
    }
}
