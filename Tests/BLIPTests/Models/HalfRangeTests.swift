import BlipDemoModel
import BlipPictures
import Foundation
import ModelGraph
import OpenVINO
import Testing

@testable import BLIP

/// What a device that computes in f16 makes of models, shown by the processor.
@Suite("The range of f16")
struct HalfRangeTests {
    @Test func numbersAreRoundedAsF16Has() throws {
        let values: [Float] = [1.0001, 3.141_592_7, -123.456, 0.1, 65_519, 1e6, -1e9, 0, 2.5e-4]
        let graph = Graph(name: "rounded")
        let x = graph.input("x", .f32, [.fixed(values.count)])
        graph.output(x.relu(), "y")
        graph.output(try x.scaled(by: 3), "z")
        try graph.apply([RoundToHalf()])
        var blob: [UInt8] = []
        let xml = graph.ir { constant in
            guard case .literal(let bytes) = constant.bytes else { return 0 }
            blob += [UInt8](repeating: 0, count: (64 - blob.count % 64) % 64)
            defer { blob += bytes }
            return blob.count
        }
        let model = try Core.shared.readModel(xml: xml, weights: Tensor(blob, shape: [blob.count]))
        let request = try Core.shared.compile(
            model, for: "CPU", properties: [.inferencePrecision(.f32)]
        ).makeInferRequest()
        try request.setInput("x", Tensor(values, shape: [values.count]))
        try request.infer()
        let half = { (x: Float) in
            let bytes = HalfPrecision.bytes([max(-65_504, min(65_504, x))][...])
            return FloatConversionForTests.half(bytes)
        }
        let rounded = values.map(half)
        #expect(try request.output("y").array(of: Float.self) == rounded.map { max(0, $0) })
        #expect(try request.output("z").array(of: Float.self) == rounded.map { half($0 * 3) })
    }

    private func models(_ folder: URL) throws -> [BlipModel] {
        try [false, true].map { rounds in
            var options = RuntimeOptions(device: "CPU", precision: .f32)
            options.roundsToHalf = rounds
            return try BlipModel(folder: folder, options: options)
        }
    }

    /// The demo model's words stay what they are; its probabilities move by less than a hundredth.
    @Test func theDemoModelSaysTheSame() async throws {
        let models = try models(DemoModel.folder)
        let samples = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Samples")
        let record = try Record(contentsOf: Record.fixtures.appending(path: "demo-record.json"))
        var movedTexts = 0
        for photo in record.photos {
            let file = samples.appending(
                path: photo.photo.split(separator: "/").last.map(String.init) ?? "")
            var texts: [[Int]] = []
            var embeddings: [[Float]] = []
            var probabilities: [Float] = []
            for model in models {
                let image = try await model.encode(Picture(contentsOf: file))
                embeddings.append(try await model.patchEmbeddings(of: image))
                texts.append(try await model.caption(image).tokenIDs)
                texts[texts.count - 1] += try await model.answer(
                    "how many things are there?", about: image
                ).tokenIDs
                probabilities.append(try await model.match("a dog", with: image).probability)
            }
            if texts[0] != texts[1] { movedTexts += 1 }
            #expect(embeddings[0] != embeddings[1], "rounding changes something")
            #expect(Embedding(embeddings[0]).cosine(to: Embedding(embeddings[1])) > 0.9999)
            #expect(abs(probabilities[0] - probabilities[1]) < 0.01)
        }
        #expect(movedTexts == 0)
    }

    /// Random weights decide between words by little: of the reference's captions nine tenths of the tokens stay.
    @Test(arguments: ["all-tasks", "vqa-f32", "caption-f16"])
    func tinyCheckpointsStayNear(name: String) async throws {
        let record = try Record(named: name)
        let models = try models(record.folder)
        var (equal, all) = (0, 0)
        for photo in record.photos {
            var texts: [[Int]] = []
            for model in models {
                let image = try await model.encode(
                    Picture(contentsOf: Record.fixtures.appending(path: photo.photo)))
                texts.append(try await model.caption(image).tokenIDs)
            }
            all += max(texts[0].count, texts[1].count)
            equal += zip(texts[0], texts[1]).count { $0 == $1 }
        }
        #expect(Double(equal) >= 0.9 * Double(all), "\(equal) of \(all)")
        print("f16: \(name): \(equal) of \(all) tokens are the same")
    }

    @Test func magnitudesAreToldOfEveryPart() async throws {
        let probe = try MagnitudeProbe(folder: DemoModel.folder, options: RuntimeOptions())
        let model = try BlipModel(folder: DemoModel.folder)
        let samples = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Samples/four-dogs.png")
        try probe.add(model.prepare(Picture(contentsOf: samples)))
        let found = probe.magnitudes
        #expect(Set(found.map(\.part)) == Set(ModelPart.allCases))
        #expect(found.count > 100)
        // Softmax and its like are known.
        let softmax = found.filter { $0.node.contains("SoftMax") }
        #expect(!softmax.isEmpty && softmax.allSatisfy { $0.value > 0 && $0.value <= 1.00001 })
        #expect(found.allSatisfy { $0.share < 1.0 / 3 })
    }

    /// A weight that is far too large is told of, by part.
    @Test func whatIsTooLargeIsFound() async throws {
        var options = RuntimeOptions()
        options.fault = WeightFault(in: .vision, scale: 1e6)
        let probe = try MagnitudeProbe(folder: DemoModel.folder, options: options)
        let model = try BlipModel(folder: DemoModel.folder)
        let size = model.configuration.vision.imageSize
        try probe.add(
            model.prepare(
                Picture(
                    width: size, height: size,
                    rgb: (0..<3 * size * size).map { UInt8(truncatingIfNeeded: $0 &* 37) })))
        let large = probe.magnitudes.filter { $0.share > 1.0 / 3 }
        #expect(!large.isEmpty && large.allSatisfy { $0.part == .vision })
    }
}

/// f16 back to f32.
private enum FloatConversionForTests {
    static func half(_ bytes: [UInt8]) -> Float {
        let bits = UInt16(bytes[0]) | UInt16(bytes[1]) << 8
        let exponent = Int(bits >> 10 & 0x1F)
        let fraction = Float(bits & 0x3FF) / 1024
        let magnitude =
            exponent == 0
            ? fraction * Float(sign: .plus, exponent: -14, significand: 1)
            : Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
        return bits >> 15 == 0 ? magnitude : -magnitude
    }
}
