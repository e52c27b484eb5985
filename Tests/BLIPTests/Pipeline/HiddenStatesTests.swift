import BLIP
import BlipConversion
import Foundation
import BlipPictures
import Testing

@Suite("States after each layer")
struct HiddenStatesTests {
    private let checkpoint = Record.fixtures.appending(path: "checkpoints/all-tasks")
    private let options = RuntimeOptions(device: "CPU", precision: .f32)

    private func picture() throws -> Picture {
        try Picture(contentsOf: Record.fixtures.appending(path: "photos/coffee.png"))
    }

    @Test func theLastAreTheImageEmbeddings() async throws {
        let model = try BlipModel(folder: checkpoint, options: options)
        let states = try await model.hiddenStates(of: picture())
        let vision = model.configuration.vision
        #expect(states.count == vision.layerCount + 1)
        #expect(states.allSatisfy { $0.count == vision.tokenCount * vision.hiddenSize })
        #expect(Set(states).count == states.count, "each layer changes something")
        let embeddings = try await model.patchEmbeddings(of: model.encode(picture()))
        for (state, value) in zip(try #require(states.last), embeddings) {
            #expect(abs(state - value) < 1e-4)
        }
        // What is normalized is the last layer's result: it correlates with what came of it.
        let last = states[vision.layerCount - 1]
        let width = vision.hiddenSize
        #expect(cosine(last.prefix(width), embeddings.prefix(width)) > 0.5)
    }

    /// The weights are half precision in the folder, so the states are close, and not the same.
    @Test func aConvertedFolderHasThemToo() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "blip-states-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try BlipConverter(checkpoint: checkpoint, weights: .int8).write(to: folder)
        let converted = try await BlipModel(folder: folder, options: options)
            .hiddenStates(of: picture())
        let states = try await BlipModel(folder: checkpoint, options: options)
            .hiddenStates(of: picture())
        #expect(converted.count == states.count)
        for (a, b) in zip(converted, states) {
            #expect(a != b)
            #expect(cosine(a[...], b[...]) > 0.99)
        }
    }

    @Test func aFolderThatDoesNotNameItsLayers() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "blip-states-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try BlipConverter(checkpoint: checkpoint).write(to: folder)
        let graph = folder.appending(path: "vision.xml")
        let text = try String(contentsOf: graph, encoding: .utf8)
        try text.replacing("layer.", with: "other.").write(
            to: graph, atomically: true, encoding: .utf8)
        let model = try BlipModel(folder: folder, options: options)
        await #expect { try await model.hiddenStates(of: picture()) } throws: { error in
            (error as? BlipError)?.code == .invalidConfiguration
        }
    }

    private func cosine(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
        func product(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
            zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        }
        return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
    }
}
