@testable import BLIP
import BlipDemoModel
import BlipPictures
import Foundation
import Testing

/// Against transformers with `interpolate_pos_encoding=True`; see `Tools/reference/record_sizes.py`.
@Suite("Pictures of other sizes than a checkpoint was trained on")
struct SizeTests {
    struct Recorded: Decodable, Sendable, CustomTestStringConvertible {
        struct Positions: Decodable {
            let tokens: Int
            let norm: Double
            /// The first values of some tokens.
            let values: [String: [Float]]
        }
        struct Texts: Decodable {
            let captions: [String: [Int]]
            let beams: [String: [[Int]]]
            let answers: [String: [Int]]
            /// Probability and spread.
            let matches: [String: [Float]]?
        }
        let checkpoint: String
        let size: Int
        let positions: Positions
        let pictures: [String: Texts]

        var testDescription: String { "\(checkpoint) at \(size)" }
        var isDemo: Bool { checkpoint == "demo" }
        var folder: URL {
            isDemo
                ? DemoModel.folder : Record.fixtures.appending(path: "checkpoints/\(checkpoint)")
        }
        func picture(_ name: String) -> URL {
            let samples = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../../Samples")
            return (isDemo ? samples : Record.fixtures.appending(path: "photos"))
                .appending(path: name)
        }
    }

    private static let recorded = Result {
        struct File: Decodable { let sizes: [Recorded] }
        let file = Record.fixtures.appending(path: "sizes.json")
        return try JSONDecoder().decode(File.self, from: Data(contentsOf: file)).sizes
    }

    @Test func areThere() throws {
        let recorded = try Self.recorded.get()
        #expect(recorded.count >= 16)
        for record in recorded {
            let texts = record.pictures.values.map { $0.captions.count + $0.answers.count }
            #expect(record.pictures.count == 3 && texts.reduce(0, +) > 3, "\(record)")
        }
    }

    @Test(arguments: (try? recorded.get()) ?? [])
    func positions(_ record: Recorded) throws {
        let factory = try GraphFactory(CheckpointFiles(record.folder, modelCache: nil))
            .sized(to: record.size)
        let vision = factory.configuration.vision
        #expect(vision.tokenCount == record.positions.tokens)
        let entry = try factory.source.entry(
            "vision_model.embeddings.position_embedding",
            shape: [1, vision.tokenCount, vision.hiddenSize])
        let values = try factory.source.checkpoint.floats(of: entry)
        let norm = values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(abs(norm - record.positions.norm) < 1e-4)
        for (token, expected) in record.positions.values {
            let start = try #require(Int(token)) * vision.hiddenSize
            for (found, expected) in zip(values[start...], expected) {
                #expect(abs(found - expected) < 2e-6, "token \(token)")
            }
        }
    }

    @Test(arguments: (try? recorded.get()) ?? [])
    func sameTokens(_ record: Recorded) async throws {
        let model = try BlipModel(
            folder: record.folder,
            options: RuntimeOptions(device: "CPU", precision: .f32, imageSize: record.size))
        for (name, expected) in record.pictures {
            let image = try await model.encode(contentsOf: record.picture(name))
            #expect(image.shape.tokens == record.positions.tokens)
            for (key, ids) in expected.captions {
                let prompt = key == "prompt" ? "a picture of" : ""
                let found = try await model.caption(image, prompt: prompt)
                #expect(found.tokenIDs == ids, "\(name) \(key)")
            }
            for (key, sequences) in expected.beams {
                var options = GenerationOptions()
                options.beamCount = 3
                let found = try await model.captions(of: [image], options: options)
                #expect(found[0].map(\.tokenIDs) == sequences, "\(name) \(key)")
            }
            for (question, ids) in expected.answers {
                let found = try await model.answer(question, about: image)
                #expect(found.tokenIDs == ids, "\(name) \(question)")
            }
            for (text, match) in expected.matches ?? [:] {
                let found = try await model.match(text, with: image)
                #expect(abs(found.probability - match[0]) < 1e-4 + 2 * match[1], "\(name) \(text)")
            }
        }
    }

    @Test(arguments: [-16, 0, 8, 100, 16_400, .max])
    func sizesThatDoNotFit(_ size: Int) throws {
        let folder = Record.fixtures.appending(path: "checkpoints/all-tasks")
        let error = #expect(throws: BlipError.self) {
            try BlipModel(folder: folder, options: RuntimeOptions(imageSize: size))
        }
        #expect(error?.code == .invalidOption)
        #expect(error?.message.contains("whose patches have 16 pixels a side") == true)
    }

    /// Attention grows with the fourth power of the size.
    @Test func sizeThatMemoryCannotHold() throws {
        let checkpoint = Record.fixtures.appending(path: "checkpoints/all-tasks")
        let error = #expect(throws: BlipError.self) {
            try BlipModel(folder: checkpoint, options: RuntimeOptions(imageSize: 16_384))
        }
        #expect(error?.code == .invalidOption)
        #expect(error?.message.contains("choose a smaller picture size") == true)
    }

    @Test func otherWaysToPreparePictures() {
        var preprocessing = PixelPreprocessing()
        #expect(preprocessing.sized(to: 256).size == .exact(height: 256, width: 256))
        preprocessing.size = .shortestEdge(438)
        preprocessing.doCenterCrop = true
        preprocessing.cropSize = .init(height: 384, width: 384)
        let sized = preprocessing.sized(to: 256)
        #expect(sized.size == .shortestEdge(292))
        #expect(sized.cropSize == .init(height: 256, width: 256))
    }
}
