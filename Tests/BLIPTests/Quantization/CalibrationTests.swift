import BlipDemoModel
import Foundation
import OpenVINO
import BlipPictures
import Testing

@testable import BLIP
@testable import BlipConversion

@Suite("8-bit activations")
struct CalibrationTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "calibration-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    }

    /// The repository's own pictures, ten in all.
    private static let pictures: [URL] = ["../Fixtures/photos", "../../../Samples"]
        .flatMap { path -> [URL] in
            let folder = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: path).standardized
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
            return (names ?? []).sorted().filter { $0.hasSuffix(".png") || $0.hasSuffix(".jpg") }
                .map { folder.appending(path: $0) }
        }

    @Test func theRangeHasZeroAmongItsLevels() throws {
        let input = try #require(
            QuantizedInput(
                lowest: [-0.17, -0.1, 0, 0], highest: [6, 0.2, 3, 0], weights: [0.5, 0.2, 0, 1]))
        let step = (input.range.upperBound - input.range.lowerBound) / 255
        let level = -input.range.lowerBound / step
        #expect(abs(level - level.rounded()) < 1e-3)
        // Divided, a channel's activations reach as far as its weights multiplied.
        #expect(abs(6 / input.balance[0] - 0.5 * input.balance[0]) < 1e-5)
        #expect(abs(0.2 / input.balance[1] - 0.2 * input.balance[1]) < 1e-5)
        // Where one of both is zero there is nothing to balance.
        #expect(input.balance[2] == 1 && input.balance[3] == 1)
        #expect(input.range.upperBound >= 3 && input.range.lowerBound > -0.2)
    }

    @Test func rangesThatCollapseAreNone() {
        let zeros: [Float] = [0, 0]
        #expect(QuantizedInput(lowest: zeros, highest: zeros, weights: [1, 1]) == nil)
        #expect(QuantizedInput(lowest: [.nan], highest: [.infinity], weights: [1]) == nil)
    }

    /// That products are of integers is looked up in the graph that was executed.
    @Test func aCalibratedModelMultipliesIntegersAndSees() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var seen = 0
        let converter = try BlipConverter(checkpoint: DemoModel.folder, weights: .int8)
            .calibrated(on: Self.pictures) { if case .picture(let count) = $0 { seen = count } }
        let calibration = try #require(converter.calibration)
        #expect(seen == Self.pictures.count && calibration.pictureCount == seen)
        #expect(calibration.similarity > 0.995 && calibration.widenedLayers.isEmpty)
        _ = try converter.write(to: folder)

        let shape = try BlipConfiguration(folder: folder)
        let (side, tokens) = (shape.vision.imageSize, shape.vision.tokenCount)
        let text = shape.text
        let pixels = try Tensor(
            [Float](repeating: 0.5, count: 3 * side * side), shape: [1, 3, side, side])
        // Only the projection of the class token is none of integers.
        try expectIntegers(
            in: .vision, [PortName.pixelValues: pixels], atLeast: 24, butFor: 1)
        let states = try Tensor(
            [Float](repeating: 0.5, count: tokens * shape.vision.hiddenSize),
            shape: [1, tokens, shape.vision.hiddenSize])
        for part in [ModelPart.encoderContext, .decoderContext] {
            try expectIntegers(
                in: part, [PortName.states: states], atLeast: 2 * text.layerCount, butFor: 0)
        }
        var inputs = [
            PortName.inputIDs: try Tensor([Int64](repeating: 7, count: 5), shape: [1, 5]),
            PortName.positionIDs: try Tensor((0..<5).map(Int64.init), shape: [1, 5]),
            PortName.selfMask: try Tensor([Float](repeating: 0, count: 5), shape: [1, 1, 1, 5]),
        ]
        let width = text.hiddenSize / text.headCount
        for layer in 0..<text.layerCount {
            let zeros = [Float](repeating: 0, count: tokens * text.hiddenSize)
            inputs[PortName.contextKeys(layer)] = try Tensor(
                zeros, shape: [1, text.headCount, width, tokens])
            inputs[PortName.contextValues(layer)] = try Tensor(
                zeros, shape: [1, text.headCount, tokens, width])
        }
        // Only the match head, which reads one token.
        try expectIntegers(in: .textEncoder, inputs, atLeast: 8 * text.layerCount, butFor: 1)

        let options = RuntimeOptions(device: "CPU")
        let exact = try BlipModel(folder: DemoModel.folder, options: options)
        let small = try BlipModel(folder: folder, options: options)
        for picture in Self.pictures where picture.path.contains("Samples") {
            let picture = try Picture(contentsOf: picture)
            let expected = try await exact.caption(exact.encode(picture)).text
            #expect(try await small.caption(small.encode(picture)).text == expected)
        }
    }

    /// Products of integers, as the graph that was executed tells.
    private func expectIntegers(
        in part: ModelPart, _ inputs: [String: Tensor], atLeast least: Int, butFor most: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let request = try Core.shared.compile(
            Core.shared.readModel(at: folder.appending(path: "\(part).xml")), for: "CPU",
            properties: [.enableProfiling(true)]
        ).makeInferRequest()
        for (name, tensor) in inputs { try request.setInput(name, tensor) }
        try request.infer()
        let products = try request.profile().filter { $0.type.hasPrefix("FullyConnected") }
        let wide = products.filter { !$0.implementation.lowercased().hasSuffix("i8") }
        #expect(
            products.count >= least && wide.count <= most, "\(part): \(wide.map(\.name))",
            sourceLocation: sourceLocation)
    }

    @Test func wordsFromAllOverTheVocabulary() throws {
        let tokenizer = try ModelFolder(DemoModel.folder).tokenizer()
        let texts = CalibrationTexts(tokenizer: tokenizer, positions: 10)
        let found = (0..<100).map { texts.texts(forPicture: $0) }
        #expect(found.allSatisfy { $0.count == 2 && $0.allSatisfy { $0.count <= 10 } })
        let ids = Set(found.flatMap { $0[1] })
        #expect(ids.count > tokenizer.count * 9 / 10 && ids.allSatisfy { $0 < tokenizer.count })
    }

    @Test func layersThatCostTooMuchKeepTheirActivations() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let converter = try BlipConverter(checkpoint: DemoModel.folder, weights: .f16)
        let all = try converter.calibrated(on: Self.pictures, maximumDrop: 0.9)
        let similarity = try #require(all.calibration).similarity
        var told: [String] = []
        let allowed = (1 - similarity) * 0.8
        let some = try #require(
            converter.calibrated(on: Self.pictures, maximumDrop: allowed) {
                if case .widened(let layer) = $0 { told.append(layer) }
            }.calibration)
        #expect(!some.widenedLayers.isEmpty && some.widenedLayers == told)
        #expect(1 - some.similarity <= allowed && some.similarity > similarity)
        #expect(some.inputs.count < (all.calibration?.inputs.count ?? 0))
        // Products that read the same share their rounding.
        let path = "text_encoder.encoder.layer.0.attention.self"
        let balances = try ["query", "key", "value"].map {
            try #require(all.calibration?.inputs["\(path).\($0)"]).balance
        }
        #expect(balances[0] == balances[1] && balances[0] == balances[2])
        #expect(throws: BlipError.self) {
            try converter.calibrated(on: Self.pictures, maximumDrop: 0)
        }
    }

    @Test func picturesThatSayNothingAreLeftOut() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let black = folder.appending(path: "black.png")
        try #require(Data(base64Encoded: Self.blackPNG)).write(to: black)
        let broken = folder.appending(path: "broken.jpg")
        try Data("no picture".utf8).write(to: broken)
        let converter = try BlipConverter(checkpoint: DemoModel.folder, weights: .int8)
        var skipped: [URL] = []
        let calibrated = try converter.calibrated(on: [black, broken] + Self.pictures.prefix(8)) {
            if case .skipped(let picture, _) = $0 { skipped.append(picture) }
        }
        #expect(skipped == [black, broken])
        #expect(calibrated.calibration?.pictureCount == 8)
        // The same eight without one are too few; so are none.
        for few in [[black, broken] + Self.pictures.prefix(7), []] {
            let error = #expect(throws: BlipError.self) { try converter.calibrated(on: few) }
            #expect(error?.code == .invalidOption)
        }
    }

    /// Eight pixels squared.
    private static let blackPNG = """
        iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAADElEQVR42mNgGB4AAADIAAGT\
        vaWOAAAAAElFTkSuQmCC
        """
}
