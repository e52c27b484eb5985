@testable import BLIP
import BlipDemoModel
import BlipPictures
import Foundation
import Testing

@Suite("Pictures of several sizes with one model")
struct SeveralSizesTests {
    private static let samples = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Samples")

    private func model(imageSize: Int? = nil) throws -> BlipModel {
        try BlipModel(
            folder: DemoModel.folder,
            options: RuntimeOptions(device: "CPU", precision: .f32, imageSize: imageSize))
    }

    private func picture(_ name: String) throws -> Picture {
        try Picture(contentsOf: Self.samples.appending(path: name))
    }

    /// Also where the model itself was opened for another size than the checkpoint was trained on: position
    /// embeddings are interpolated from the trained ones.
    @Test(arguments: [nil, 96])
    func sayWhatModelsOfOneSizeSay(_ own: Int?) async throws {
        let all = try model(imageSize: own)
        let dogs = try picture("four-dogs.png")
        for size in [112, 64, 160] {
            let alone = try model(imageSize: size)
            let (one, other) = try await (alone.encode(dogs), all.encode(dogs, imageSize: size))
            #expect(one.shape == other.shape)
            let (expected, found) = try await (
                alone.patchEmbeddings(of: one), all.patchEmbeddings(of: other)
            )
            #expect(expected == found, "\(size)")
            let captions = try await (alone.caption(one), all.caption(other))
            #expect(captions.0.tokenIDs == captions.1.tokenIDs)
        }
    }

    @Test func inOneBatch() async throws {
        let model = try model()
        let pictures = try ["four-dogs.png", "three-pigs.png", "elephant-and-cow.png"].map(picture)
        let sizes: [Int?] = [64, nil, 64]
        let prepared = try zip(pictures, sizes).map { try model.prepare($0, imageSize: $1) }
        let images = try await model.encode(prepared)
        #expect(images.map(\.shape.tokens) == [17, 50, 17])
        let question = "how many are there?"
        let together = try await model.answers(to: images.map { Question(question, about: $0) })
            .compactMap(\.first?.tokenIDs)
        let matches = try await model.match(images.map { TextImagePair("four dogs", with: $0) })
        for (index, picture) in pictures.enumerated() {
            let image = try await model.encode(picture, imageSize: sizes[index])
            #expect(try await model.answer(question, about: image).tokenIDs == together[index])
            let match = try await model.match("four dogs", with: image)
            #expect(abs(match.probability - matches[index].probability) < 1e-4)
        }
        let error = await #expect(throws: BlipError.self) { try await model.captions(of: images) }
        #expect(error?.code == .invalidOption)
        // Single calls never share such a batch.
        async let first = model.caption(images[0])
        async let second = model.caption(images[1])
        async let third = model.caption(images[2])
        let texts = try await [first.tokenIDs, second.tokenIDs, third.tokenIDs]
        for (index, image) in images.enumerated() {
            let alone = try await model.captions(of: [image]).first?.first?.tokenIDs
            #expect(texts[index] == alone)
        }
    }

    /// Attention's memory grows with the fourth power of the size: a batch was chosen for the model's own.
    @Test func fewerLargePicturesRunTogether() async throws {
        var options = RuntimeOptions(device: "CPU", precision: .f32)
        options.batchSize = 8
        let model = try BlipModel(folder: DemoModel.folder, options: options)
        #expect(model.mostTogether(sized: 112) == .max && model.mostTogether(sized: 64) == .max)
        let most = model.mostTogether(sized: 224)
        #expect((1...3).contains(most))
        #expect(model.mostTogether(sized: 1_120) == 1)
        let dogs = try picture("four-dogs.png")
        let prepared = try (0..<5).map { _ in try model.prepare(dogs, imageSize: 224) }
        let images = try await model.encode(prepared)
        #expect(images.map(\.shape.tokens) == [197, 197, 197, 197, 197])
    }

    /// All that a server offers stay compiled; of others the last used ones.
    @Test func preparedOnesStay() async throws {
        let model = try model()
        let offered = [48, 64, 80, 96, 128, 144]
        for size in offered + [112] { try await model.prepare(imageSize: size) }
        #expect(await model.compiledCount == offered.count + 1)
        let unprepared = try self.model()
        let dogs = try picture("four-dogs.png")
        for size in offered {
            _ = try await unprepared.encode([unprepared.prepare(dogs, imageSize: size)])
        }
        #expect(await unprepared.compiledCount == 4)
    }

    /// A server that is unloaded when it idles compiles them again and again.
    @Test func areInterpolatedOnce() throws {
        let opened = try ModelFolder(DemoModel.folder)
        guard case .checkpoint(let factory, _) = opened.source else {
            Issue.record("the demo model is no checkpoint")
            return
        }
        let sources = SizedSources { try opened.vision(sized: $0, weights: nil) }
        var bytes: [Int] = []
        for size in [64, 160, 64, 160, 64] {
            _ = try sources.source(for: size)
            bytes.append(factory.region.count)
        }
        #expect(bytes[0] < bytes[1] && bytes[1...].allSatisfy { $0 == bytes[1] }, "\(bytes)")
        #expect(throws: BlipError.self) { try sources.source(for: 100) }
    }

    /// Where shapes are fixed each size has graphs of its own, and the same is said.
    @Test func whereShapesAreFixed() async throws {
        let (plain, fixed) = try (
            model(),
            BlipModel(
                folder: DemoModel.folder,
                options: RuntimeOptions(device: "CPU", precision: .f32, shapes: .fixed))
        )
        let dogs = try picture("four-dogs.png")
        for size in [64, 160] {
            let prepared = try (0..<3).map { _ in try plain.prepare(dogs, imageSize: size) }
            let (expected, found) = try await (plain.encode(prepared), fixed.encode(prepared))
            let captions = try await (
                plain.captions(of: expected), fixed.captions(of: found)
            )
            #expect(
                captions.0.map { $0.map(\.tokenIDs) } == captions.1.map { $0.map(\.tokenIDs) },
                "\(size)")
            let matches = try await (
                plain.match("four dogs", with: expected[0]),
                fixed.match("four dogs", with: found[0])
            )
            #expect(abs(matches.0.probability - matches.1.probability) < 1e-4)
        }
    }

    @Test func sizesThatDoNotFit() async throws {
        let model = try model()
        let dogs = try picture("four-dogs.png")
        let error = await #expect(throws: BlipError.self) {
            try await model.encode(dogs, imageSize: 100)
        }
        #expect(error?.code == .invalidOption)
        try await model.prepare(imageSize: 64)
        await model.releaseVision()
        #expect(try await model.encode(dogs, imageSize: 64).shape.tokens == 17)
    }
}
