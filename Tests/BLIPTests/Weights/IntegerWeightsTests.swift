import DemoModel
import Foundation
import OpenVINO
import Pictures
import Testing

@testable import BLIP

@Suite("Weights as 8-bit integers")
struct IntegerWeightsTests {
    @Test func everyWeightIsTheNearestStep() {
        let weights = (0..<300).map { (index: Int) -> Float in Float(index * 7919 % 613) / 100 - 3 }
        let quantization = RowQuantization(of: weights[100...], rows: 4)
        let integers = quantization.integers(of: weights[100...]).map { Int8(bitPattern: $0) }
        #expect(quantization.scales.count == 4 && integers.count == 200)
        for (index, (weight, integer)) in zip(weights[100...], integers).enumerated() {
            let scale = quantization.scales[index / 50]
            let error = abs(weight - scale * Float(integer))
            #expect(error <= scale * 0.50005)
        }
        // Each row uses the whole range.
        for row in 0..<4 {
            let magnitudes = integers.dropFirst(row * 50).prefix(50).map(\.magnitude)
            #expect(magnitudes.max() == 127)
        }
    }

    @Test func whatIsNoNumberSpoilsNothing() {
        let weights: [Float] = [0, 0, .nan, 1, .infinity, -2, -.infinity, 0.5]
        let quantization = RowQuantization(of: weights[...], rows: 4)
        let scales: [Float] = [1, 1 / 127, 2 / 127, 0.5 / 127]
        #expect(quantization.scales == scales)
        let integers = quantization.integers(of: weights[...]).map { Int8(bitPattern: $0) }
        #expect(integers == [0, 0, 0, 127, 127, -127, -127, 127])
    }

    /// That products read integers is looked up in the graph that was executed.
    @Test func productsReadIntegers() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "int8-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let demo = DemoModel.folder
        _ = try BlipConverter(checkpoint: demo, weights: .int8).write(to: folder)
        let core = try Core.shared
        let model = try core.readModel(at: folder.appending(path: "vision.xml"))
        let request = try core.compile(
            model, for: "CPU", properties: [.enableProfiling(true), .inferencePrecision(.f32)]
        ).makeInferRequest()
        let size = try BlipConfiguration(folder: folder).vision.imageSize
        try request.setInput(
            "pixel_values",
            Tensor([Float](repeating: 0.5, count: 3 * size * size), shape: [1, 3, size, size]))
        try request.infer()
        let products = try request.profile().filter { $0.type.hasPrefix("FullyConnected") }
        #expect(products.count >= 6)
        for product in products {
            #expect(product.type == "FullyConnectedCompressed", "\(product.name)")
        }
    }

    @Test func theDemoModelStaysSmallAndSees() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "int8-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let demo = DemoModel.folder
        let half = try BlipConverter(checkpoint: demo, weights: .f16).write(to: folder).bytes
        let small = try BlipConverter(checkpoint: demo, weights: .int8).write(to: folder).bytes
        #expect(Double(small) < 0.65 * Double(half))
        let names = try FileManager.default.contentsOfDirectory(atPath: Sample.folder.path)
            .filter { $0.hasSuffix(".png") || $0.hasSuffix(".jpg") }
        #expect(names.count >= 2)
        let options = RuntimeOptions(device: "CPU")
        let exact = try BlipModel(folder: demo, options: options)
        let quantized = try BlipModel(folder: folder, options: options)
        for name in names {
            let picture = try Picture(contentsOf: Sample.folder.appending(path: name))
            let expected = try await exact.caption(exact.encode(picture))
            let found = try await quantized.caption(quantized.encode(picture))
            #expect(found.text == expected.text, "\(name)")
        }
    }

    /// At f32 nothing quantizes activations, by whatever name the processor is reached.
    @Test(arguments: ["AUTO", "AUTO:CPU", "HETERO:CPU"])
    func exactHoweverTheProcessorIsNamed(device: String) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "int8-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try BlipConverter(checkpoint: DemoModel.folder, weights: .int8).write(to: folder)
        let picture = try Picture(contentsOf: Sample.folder.appending(path: "four-dogs.png"))
        var found: [[Float]] = []
        for device in ["CPU", device] {
            let options = RuntimeOptions(device: device, precision: .f32)
            let model = try BlipModel(folder: folder, options: options)
            found.append(try await model.embeddings(of: model.encode(picture)))
        }
        #expect(found[0] == found[1])
    }

    private enum Sample {
        static let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Samples").standardized
    }
}
