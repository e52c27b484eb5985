import BlipDemoModel
import Foundation
import ModelGraph
import OpenVINO
import BlipPictures
import Testing

@testable import BLIP
@testable import BlipConversion

@Suite("Weights as integers")
struct IntegerWeightsTests {
    @Test func everyWeightIsTheNearestStep() {
        let weights = (0..<300).map { (index: Int) -> Float in Float(index * 7919 % 613) / 100 - 3 }
        let quantization = GroupQuantization(of: weights[100...], columns: 50, as: .int8)
        let integers = quantization.bytes(of: weights[100...]).map { Int8(bitPattern: $0) }
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
        let quantization = GroupQuantization(of: weights[...], columns: 2, as: .int8)
        let scales: [Float] = [1, 1 / 127, 2 / 127, 0.5 / 127]
        #expect(quantization.scales == scales)
        let integers = quantization.bytes(of: weights[...]).map { Int8(bitPattern: $0) }
        #expect(integers == [0, 0, 0, 127, 127, -127, -127, 127])
    }

    @Test func fourBitsOfAGroupOutliveABadWeight() {
        for bad in [Float.nan, .infinity] {
            var weights = [Float](repeating: 0.25, count: 64)
            weights[0] = -2
            weights[7] = bad
            let quantization = GroupQuantization(of: weights[...], columns: 64, as: .int4)
            let integers = halves(of: quantization.bytes(of: weights[...]))
            #expect(integers[1] != 0 && quantization.scales[0].magnitude < 0.3)
        }
    }

    @Test func fourBitsTakeTheScaleThatMissesLeast() {
        let weights = (0..<256).map { (index: Int) -> Float in Float(index * 7919 % 613) / 100 - 3 }
        let quantization = GroupQuantization(of: weights[...], columns: 128, as: .int4)
        let bytes = quantization.bytes(of: weights[...])
        #expect(quantization.scales.count == 4 && bytes.count == 128)
        let integers = halves(of: bytes)
        for group in 0..<4 {
            let (scale, range) = (quantization.scales[group], group * 64..<(group + 1) * 64)
            let miss = { (scale: Float, integers: ArraySlice<Int8>) in
                zip(weights[range], integers).reduce(Float(0)) { sum, pair in
                    let error = pair.0 - scale * Float(pair.1)
                    return sum + error * error
                }
            }
            // What rounding to the nearest at the largest weight's own scale gives.
            let plain = (weights[range].map(\.magnitude).max() ?? 0) / 7
            let rounded = weights[range].map { Int8(($0 / plain).rounded()) }
            #expect(miss(scale, integers[range]) < miss(plain, rounded[...]))
            #expect(HalfPrecision.rounded(scale) == scale)
        }
    }

    /// That products read integers is looked up in the graph that was executed.
    @Test(arguments: [WeightFormat.int8, .int7, .int4])
    func productsReadIntegers(weights: WeightFormat) throws {
        let folder = try converted(weights)
        defer { try? FileManager.default.removeItem(at: folder) }
        let request = try Core.shared.compile(
            Core.shared.readModel(at: folder.appending(path: "vision.xml")), for: "CPU",
            properties: [.enableProfiling(true), .inferencePrecision(.f32)]
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

    /// OpenVINO computes what scale times integer says, in the order in which they are packed.
    @Test(arguments: [GroupQuantization.Integers.int8, .int7, .int4])
    func productsAreOfScaledIntegers(integers: GroupQuantization.Integers) throws {
        let (rows, columns) = (3, 128)
        let weights = (0..<rows * columns).map { Float($0 * 7919 % 613) / 613 - 0.5 }
        let graph = Graph(name: "product")
        let x = graph.input("x", .f32, ["tokens", .fixed(columns)])
        let matrix = try graph.quantized(
            rows: rows, columns: columns, as: integers, called: "weight"
        ) { weights[...] }
        graph.output(try x.matrixProduct(matrix, transposingOther: true), "y")
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "product-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try graph.write(to: folder, named: "product")
        let request = try Core.shared.compile(
            Core.shared.readModel(at: folder.appending(path: "product.xml")), for: "CPU",
            properties: [.inferencePrecision(.f32), .dynamicQuantizationGroupSize(0)]
        ).makeInferRequest()

        // The unit vectors read the matrix out, column by column.
        var units = [Float](repeating: 0, count: columns * columns)
        for column in 0..<columns { units[column * columns + column] = 1 }
        try request.setInput("x", Tensor(units, shape: [columns, columns]))
        try request.infer()
        let found = try request.output("y").array(of: Float.self)
        let quantization = GroupQuantization(of: weights[...], columns: columns, as: integers)
        let bytes = quantization.bytes(of: weights[...])
        let expected = integers == .int4 ? halves(of: bytes) : bytes.map { Int8(bitPattern: $0) }
        let length = integers.groupLength(columns: columns)
        for (index, integer) in expected.enumerated() {
            let scale = quantization.scales[index / length]
            let value = found[index % columns * rows + index / columns]
            #expect(abs(value - scale * Float(integer)) < 1e-4 * abs(scale), "\(index)")
        }
    }

    /// The 4-bit integers of each byte, the lower half first.
    private func halves(of bytes: [UInt8]) -> [Int8] {
        bytes.flatMap { [Int8(bitPattern: $0 << 4) >> 4, Int8(bitPattern: $0) >> 4] }
    }

    @Test func theDemoModelStaysSmallAndSees() async throws {
        let (half, whole) = (try converted(.f16), try converted(.int8))
        let quarter = try converted(.int4)
        defer {
            for folder in [half, whole, quarter] { try? FileManager.default.removeItem(at: folder) }
        }
        #expect(try Double(size(of: whole)) < 0.65 * Double(size(of: half)))
        #expect(try Double(size(of: quarter)) < 0.45 * Double(size(of: half)))
        let names = try FileManager.default.contentsOfDirectory(atPath: Sample.folder.path)
            .filter { $0.hasSuffix(".png") || $0.hasSuffix(".jpg") }
        #expect(names.count >= 2)
        let options = RuntimeOptions(device: "CPU")
        let exact = try BlipModel(folder: DemoModel.folder, options: options)
        for folder in [whole, quarter] {
            let quantized = try BlipModel(folder: folder, options: options)
            for name in names {
                let picture = try Picture(contentsOf: Sample.folder.appending(path: name))
                let expected = try await exact.caption(exact.encode(picture))
                let found = try await quantized.caption(quantized.encode(picture))
                #expect(found.text == expected.text, "\(name)")
            }
        }
    }

    private func converted(_ weights: WeightFormat) throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "\(weights)-\(UUID().uuidString)")
        _ = try BlipConverter(checkpoint: DemoModel.folder, weights: weights).write(to: folder)
        return folder
    }

    private func size(of folder: URL) throws -> Int {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { ["xml", "bin"].contains($0.pathExtension) }
            .reduce(0) { try $0 + ($1.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0) }
    }

    /// At f32 nothing quantizes activations, by whatever name the processor is reached.
    @Test(arguments: ["AUTO", "AUTO:CPU", "HETERO:CPU"])
    func exactHoweverTheProcessorIsNamed(device: String) async throws {
        let folder = try converted(.int8)
        defer { try? FileManager.default.removeItem(at: folder) }
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
