import BLIP
import BlipDemoModel
import Foundation
import BlipPictures
import Testing

/// Token ids at f32 equal those of transformers, for real photos decoded and resized by this
/// product, with checkpoints of every shape and storage that the reference was recorded for.
@Suite("What transformers says, token for token")
struct GoldenTests {
    @Test func everyCheckpointHasItsRecord() throws {
        let folder = Record.fixtures.appending(path: "checkpoints")
        let checkpoints = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(checkpoints == Record.names)
        #expect(checkpoints.count >= 12)
    }

    @Test(arguments: Record.names)
    func record(name: String) async throws {
        try await compare(Record(named: name), .dynamic)
    }

    /// The same tokens where requests are padded to a few sizes, as GPUs and NPUs want them.
    @Test(arguments: ["all-tasks", "vqa-f32", "caption-f16", "caption-wide-vision", "itm-f32"])
    func recordOfFixedShapes(name: String) async throws {
        try await compare(Record(named: name), .fixed)
    }

    private func options(_ shapes: RuntimeOptions.Shapes) -> RuntimeOptions {
        RuntimeOptions(device: "CPU", precision: .f32, shapes: shapes)
    }

    private func compare(_ record: Record, _ shapes: RuntimeOptions.Shapes) async throws {
        let model = try BlipModel(folder: record.folder, options: options(shapes))
        expectComplete(record, for: model.tasks)
        for photo in record.photos {
            let file = Record.fixtures.appending(path: photo.photo)
            let image = try await model.encode(Picture(contentsOf: file))
            try await compareEmbeddings(photo, model)
            try await compareCaptions(photo, record, model, image)
            try await compareAnswers(photo, record, model, image)
            try await compareMatches(photo, model, image)
        }
    }

    /// The embedded model, on the samples that the demo shows.
    @Test(arguments: RuntimeOptions.Shapes.allCases)
    func demoModel(shapes: RuntimeOptions.Shapes) async throws {
        let record = try Record(contentsOf: Record.fixtures.appending(path: "demo-record.json"))
        let model = try BlipModel(folder: DemoModel.folder, options: options(shapes))
        let samples = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Samples")
        #expect(record.photos.count >= 4)
        expectComplete(record, for: model.tasks)
        for photo in record.photos {
            let name = photo.photo.split(separator: "/").last ?? ""
            let image = try await model.encode(
                Picture(contentsOf: samples.appending(path: String(name))))
            try await compareCaptions(photo, record, model, image)
            try await compareAnswers(photo, record, model, image)
            try await compareMatches(photo, model, image)
        }
    }

    /// A record without texts of a task would compare nothing.
    private func expectComplete(_ record: Record, for tasks: Set<BlipTask>) {
        let photos = record.photos
        let questions = photos.flatMap { $0.questions ?? [] }
        var counts: [Int] = []
        if tasks.contains(.caption) {
            counts += [photos.map { $0.captions?.count ?? 0 }.reduce(0, +)]
            counts += [photos.map { $0.beamCaptions?.count ?? 0 }.reduce(0, +)]
        }
        if tasks.contains(.answer) {
            counts += [questions.map(\.answers.count).reduce(0, +)]
            counts += [questions.map(\.beamAnswers.count).reduce(0, +)]
        }
        if tasks.contains(.match) {
            counts += [photos.map { $0.matches?.count ?? 0 }.reduce(0, +)]
        }
        #expect(!counts.isEmpty && counts.allSatisfy { $0 >= photos.count }, "\(counts)")
    }

    /// On pixels that the reference resized, so that only the vision model is compared.
    private func compareEmbeddings(_ photo: Record.Photo, _ model: BlipModel) async throws {
        let resized = try Picture(contentsOf: Record.fixtures.appending(path: photo.resized))
        let image = try await model.encode(resized)
        let expected = photo.imageEmbeddings
        #expect([image.shape.tokens, image.shape.width] == expected.shape)
        let values = try await model.patchEmbeddings(of: image)
        for (token, expected) in expected.tokens {
            let row = token == "last" ? image.shape.tokens - 1 : Int(token) ?? 0
            let found = values[row * image.shape.width..<(row + 1) * image.shape.width].prefix(8)
            for (found, expected) in zip(found, expected) {
                #expect(abs(found - expected) < 2e-4 * max(1, abs(expected)), "\(photo.photo)")
            }
        }
    }

    private func compareCaptions(
        _ photo: Record.Photo, _ record: Record, _ model: BlipModel, _ image: EncodedImage
    ) async throws {
        for (name, expected) in photo.captions ?? [:] {
            let given = try #require(record.options[name])
            let found = try await model.caption(
                image, prompt: given.prompt ?? "", options: given.generation)
            expect(found, expected, "\(photo.photo) \(name)")
        }
        for (name, expected) in photo.beamCaptions ?? [:] {
            let given = try #require(record.options[name])
            let found = try await model.captions(
                of: [image], prompt: given.prompt ?? "", options: given.generation)
            #expect(
                found[0].map(\.tokenIDs) == expected.sequences.map(\.ids), "\(photo.photo) \(name)")
        }
    }

    private func compareAnswers(
        _ photo: Record.Photo, _ record: Record, _ model: BlipModel, _ image: EncodedImage
    ) async throws {
        for question in photo.questions ?? [] {
            for (name, expected) in question.answers {
                let given = try #require(record.answerOptions[name])
                let found = try await model.answer(
                    question.question, about: image, options: given.generation)
                expect(found, expected, "\(photo.photo) \(question.question) \(name)")
            }
            for (name, expected) in question.beamAnswers {
                let given = try #require(record.answerOptions[name])
                let found = try await model.answers(
                    to: [Question(question.question, about: image)],
                    options: given.generation)
                #expect(found[0].map(\.tokenIDs) == expected.sequences.map(\.ids))
            }
        }
    }

    private func compareMatches(
        _ photo: Record.Photo, _ model: BlipModel, _ image: EncodedImage
    ) async throws {
        for expected in photo.matches ?? [] {
            let found = try await model.match(expected.text, with: image)
            let tolerance = 1e-4 + 2 * expected.matchProbabilitySpread
            #expect(abs(found.probability - expected.matchProbability) < tolerance)
            let similarity = try #require(found.similarity)
            #expect(
                abs(similarity - expected.similarity) < 1e-4 + 2 * expected.similaritySpread)
        }
    }

    /// Scores differ as much as a pixel's last bit makes them.
    private func expect(
        _ found: GeneratedText, _ expected: Record.Greedy, _ comment: Comment
    ) {
        #expect(found.tokenIDs == expected.ids, comment)
        #expect(found.text == expected.text, comment)
        #expect(abs((found.score ?? 0) - expected.score) < 1e-3 + 2 * expected.spread, comment)
    }
}
