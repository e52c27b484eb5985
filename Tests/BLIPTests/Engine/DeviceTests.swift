import OpenVINO
import BlipPictures
import Testing

@testable import BLIP

@Suite("Devices")
struct DeviceTests {
    private let laptop = ["CPU", "GPU.0", "GPU.1", "NPU"]

    @Test func aNameStandsForDevices() {
        let expected: [(String, [String])] = [
            ("CPU", ["CPU"]), ("GPU.1", ["GPU.1"]), ("AUTO", laptop),
            ("AUTO:GPU,CPU", ["GPU", "CPU"]), ("HETERO:GPU.1,CPU", ["GPU.1", "CPU"]),
            ("AUTO:-GPU", ["CPU", "NPU"]), ("MULTI:GPU(4),CPU", ["GPU", "CPU"]),
            ("BATCH:GPU(16)", ["GPU"]),
        ]
        for (name, devices) in expected {
            let selection = DeviceSelection(name, present: laptop)
            #expect(selection.devices == devices, "\(name)")
            #expect(selection.name == name)
            #expect(selection.isVirtual == (devices != [name]))
            #expect(selection.mayUseProcessor == devices.contains("CPU"))
            #expect(throws: Never.self) { try selection.check() }
        }
        #expect(DeviceSelection("AUTO", present: ["CPU"]).name == "CPU")
    }

    @Test(arguments: ["TPU", "cpu", "", "AUTO:GPU,TPU", "HETERO:TPU", ":", "GPU,CPU"])
    func whatIsNotThereIsTold(name: String) {
        let error = #expect(throws: BlipError.self) {
            try DeviceSelection(name, present: laptop).check()
        }
        #expect(error?.code == .unknownDevice)
        #expect(error?.message.contains("CPU, GPU.0, GPU.1, NPU") == true)
    }

    /// A number of threads is for processors: GPUs and NPUs would refuse it, and pass for devices that fail.
    @Test(arguments: ["CPU", "HETERO:GPU,CPU", "GPU", "NPU", "BATCH:GPU"])
    func threadsAreOfProcessors(device: String) throws {
        let opened = try ModelFolder(Record.fixtures.appending(path: "checkpoints/caption-f16"))
        let compiler = PartCompiler(
            opened.source, options: RuntimeOptions(device: device, threads: 3), core: try .shared)
        let properties = compiler.properties(of: .vision).map { "\($0.key):\($0.value)" }
        #expect(
            properties.contains { $0.contains("INFERENCE_NUM_THREADS:3") }
                == device.contains("CPU"),
            "\(properties)")
    }

    /// OpenVINO ties threads to the first processors: several programs of few threads would share those.
    @Test(arguments: ["CPU", "HETERO:CPU"])
    func fewThreadsAreTiedToNoProcessor(device: String) throws {
        let opened = try ModelFolder(Record.fixtures.appending(path: "checkpoints/caption-f16"))
        let count = MachineResources.current.logicalProcessors
        for threads in [1, count] {
            let compiler = PartCompiler(
                opened.source, options: RuntimeOptions(device: device, threads: threads),
                core: try .shared)
            let properties = compiler.properties(of: .vision)
            let isFree = properties.contains { "\($0)".contains("ENABLE_CPU_PINNING") }
            #expect(isFree == (threads < count), "\(properties)")
            let compiled = try compiler.compile(.vision).model
            // Of all processors OpenVINO may take fewer: one thread a core, or no slow ones.
            if device == "CPU", isFree {
                #expect(try compiled.property("INFERENCE_NUM_THREADS") == "\(threads)")
                #expect(try compiled.property("ENABLE_CPU_PINNING") == "NO")
            }
        }
    }

    /// With integer weights in every part, the decoder too, unless f32 was asked for.
    @Test(arguments: ModelPart.allCases)
    func activationsAreRounded(part: ModelPart) throws {
        let opened = try ModelFolder(
            Record.fixtures.appending(path: "checkpoints/caption-f16"), weights: .int8)
        let precisions: [(RuntimeOptions.Precision, String)] = [(.automatic, "768"), (.f32, "0")]
        for (precision, group) in precisions {
            let compiler = PartCompiler(
                opened.source, options: RuntimeOptions(device: "CPU", precision: precision),
                core: try .shared)
            let property = compiler.properties(of: part).first {
                $0.key == "DYNAMIC_QUANTIZATION_GROUP_SIZE"
            }
            #expect(property?.value == group, "\(precision)")
        }
    }

    /// Those that hand a model on know nothing of precision; what runs it does.
    @Test(arguments: ["AUTO", "AUTO:CPU", "HETERO:CPU"])
    func automaticPrecisionIsThatOfTheDeviceBehind(device: String) async throws {
        let folder = Record.fixtures.appending(path: "checkpoints/caption-f16")
        let direct = try BlipModel(folder: folder, options: RuntimeOptions(device: "CPU"))
        let model = try BlipModel(folder: folder, options: RuntimeOptions(device: device))
        #expect(await model.stateType == direct.stateType)
        #expect(await model.pictureOptions == direct.pictureOptions)
        // And such states can be handed from graph to graph.
        let size = model.configuration.vision.imageSize
        let grey = try Picture(
            width: size, height: size, rgb: [UInt8](repeating: 99, count: 3 * size * size))
        let caption = try await model.caption(try await model.encode(grey))
        #expect(!caption.tokenIDs.isEmpty)
    }
}

extension BlipModel {
    fileprivate var stateType: ElementType { parts.stateType }
}
