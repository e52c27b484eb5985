import BLIP
import Foundation
import Testing

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
}
