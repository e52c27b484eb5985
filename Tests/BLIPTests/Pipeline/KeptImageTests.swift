import Foundation
import Testing

@testable import BLIP

@Suite("Encoded pictures that are kept")
struct KeptImageTests {
    private let options = RuntimeOptions(device: "CPU", precision: .f32)
    private let photo = Record.fixtures.appending(path: "photos/china.jpg")

    private func model(_ name: String) throws -> BlipModel {
        try BlipModel(
            folder: Record.fixtures.appending(path: "checkpoints/\(name)"), options: options)
    }

    @Test func anotherProgramGoesOnWithIt() async throws {
        let (model, other) = (try model("all-tasks"), try model("all-tasks"))
        let image = try await model.encode(contentsOf: photo)
        let data = try await model.data(of: image)
        let kept = try await other.encodedImage(from: data)
        #expect(try await other.data(of: kept) == data)
        #expect(kept.shape == image.shape)
        #expect(try await other.caption(kept).tokenIDs == model.caption(image).tokenIDs)
        #expect(try await other.embedding(of: kept) == model.embedding(of: image))
        await #expect(throws: BlipError.self) { try await other.data(of: image) }
    }

    @Test func withoutProjectionsToo() async throws {
        let model = try model("caption-f16")
        let image = try await model.encode(contentsOf: photo)
        let kept = try await model.encodedImage(from: model.data(of: image))
        #expect(try await model.caption(kept).tokenIDs == model.caption(image).tokenIDs)
    }

    @Test func otherWeightsRefuseIt() async throws {
        let (model, other) = (try model("all-tasks"), try model("caption-f16"))
        let data = try await model.data(of: model.encode(contentsOf: photo))
        let error = await #expect(throws: BlipError.self) {
            try await other.encodedImage(from: data)
        }
        #expect(error?.code == .invalidImage)
        #expect(error?.message.contains("other weights") == true)
    }

    /// Rounded when the model is loaded, or not.
    @Test func otherRoundingRefusesItAndAnotherSizeDoesNot() async throws {
        let folder = Record.fixtures.appending(path: "checkpoints/all-tasks")
        let model = try model("all-tasks")
        let data = try await model.data(of: model.encode(contentsOf: photo))
        var options = options
        options.weights = .int8
        let rounded = try BlipModel(folder: folder, options: options)
        let error = await #expect(throws: BlipError.self) {
            try await rounded.encodedImage(from: data)
        }
        #expect(error?.code == .invalidImage)
        options.weights = nil
        options.imageSize = model.configuration.vision.patchSize
        let small = try BlipModel(folder: folder, options: options)
        let kept = try await small.encodedImage(from: data)
        let image = try await model.encodedImage(from: data)
        #expect(try await small.caption(kept).tokenIDs == model.caption(image).tokenIDs)
    }

    /// Whatever bytes come, none of them trap, and none that were changed are taken.
    @Test func changedBytesAreRefused() async throws {
        let model = try model("all-tasks")
        let data = try await model.data(of: model.encode(contentsOf: photo))
        func refuse(_ bytes: Data, _ what: String) async {
            let error = await #expect(throws: BlipError.self, "\(what)") {
                try await model.encodedImage(from: bytes)
            }
            #expect(error?.code == .invalidImage)
        }
        await refuse(Data(), "nothing")
        await refuse(Data("BLIPIMG2".utf8), "another version")
        await refuse(data + [0], "one byte more")
        for length in [1, 7, 8, 16, 27, 28, 35, 36, data.count - 1] {
            await refuse(data.prefix(length), "the first \(length) bytes")
        }
        // The header's bytes, and some of each part behind it.
        for place in Array(0..<28) + [28, data.count / 2, data.count - 9, data.count - 1] {
            var changed = data
            changed[place] ^= 0xFF
            await refuse(changed, "another byte at \(place)")
        }
        // Part of a larger file: its indices do not begin with 0.
        let inner = (Data([1, 2, 3]) + data).dropFirst(3)
        _ = try await model.encodedImage(from: inner)
    }

    /// Else it would take the similarities of all pictures that it is matched with.
    @Test func onesWithAnotherProjectionAreRefused() async throws {
        let model = try model("all-tasks")
        let kept = try KeptImage(try await model.data(of: model.encode(contentsOf: photo)))
        for projection in [[], Array(kept.projection.dropLast())] {
            let other = KeptImage(
                fingerprint: kept.fingerprint, tokens: kept.tokens, width: kept.width,
                embeddings: kept.embeddings, projection: projection)
            let error = await #expect(throws: BlipError.self) {
                try await model.encodedImage(from: other.data)
            }
            #expect(error?.code == .invalidImage)
        }
    }

    /// The fuzzer's body (Fuzz/), on mutations of a small picture: with a hash that fits, so that sizes are read.
    @Test func mutatedBytesAreReadAsTheyStandOrRefused() {
        let data = KeptImage(
            fingerprint: 7, tokens: 2, width: 3, embeddings: [1, -0.0, 0.5, 2, 3, 4],
            projection: [1, 0]
        ).data.dropLast(8)
        var generator = SplitMix(state: 1)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = [UInt8](data)
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[place] = .random(in: .min ... .max, using: &generator)
                case 1:
                    bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
                case 2: bytes.insert(contentsOf: [UInt8](repeating: 0, count: 4), at: place)
                default: bytes.removeLast(min(4, bytes.count - 1))
                }
            }
            let isSound = bytes.withUnsafeBytes { try? KeptImageFuzzTarget.isSound($0) }
            #expect(isSound != false)
            if isSound == true { accepted += 1 }
        }
        #expect((1_000..<20_000).contains(accepted))
    }

    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
