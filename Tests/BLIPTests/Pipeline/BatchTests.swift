import BLIP
import Foundation
import BlipPictures
import Testing

/// At f32 a batch of any mix gives the tokens that its members give alone.
@Suite("Batches")
struct BatchTests {
    private static let photos = [
        "astronaut.png", "chelsea.jpg", "china.jpg", "coffee.png", "flower.jpg", "rocket.png",
    ]
    private let questions = [
        "what is it?", "how many dogs are in the picture, and where is the old woman?", "who",
        "what color is the cup",
    ]

    private func model(_ name: String) throws -> BlipModel {
        try BlipModel(
            folder: Record.fixtures.appending(path: "checkpoints/\(name)"),
            options: RuntimeOptions(device: "CPU", precision: .f32))
    }

    private func pictures() throws -> [Picture] {
        try Self.photos.map {
            try Picture(contentsOf: Record.fixtures.appending(path: "photos/\($0)"))
        }
    }

    private static let variants: [GenerationOptions] = {
        var beams = GenerationOptions(maximumLength: 12)
        beams.beamCount = 3
        beams.sequenceCount = 2
        var sampled = GenerationOptions(maximumLength: 12)
        sampled.sampling = .init(topK: 5, seed: 11)
        sampled.sequenceCount = 3
        return [GenerationOptions(), beams, sampled]
    }()

    @Test(arguments: ["all-tasks", "vqa-f32", "caption-wide-vision"], variants)
    func captions(name: String, options: GenerationOptions) async throws {
        let model = try model(name)
        let together = try await model.captions(of: model.encode(pictures()), options: options)
        #expect(together.count == Self.photos.count)
        for (picture, found) in zip(try pictures(), together) {
            let image = try await model.encode(picture)
            let alone = try await model.captions(of: [image], options: options)[0]
            #expect(found.map(\.tokenIDs) == alone.map(\.tokenIDs))
            #expect(found.count == options.sequenceCount)
        }
    }

    @Test(arguments: ["all-tasks", "vqa-f32"], variants)
    func answers(name: String, options: GenerationOptions) async throws {
        let model = try model(name)
        let images = try await model.encode(pictures())
        // Every picture with every question, in an order that mixes lengths.
        let asked = images.flatMap { image in questions.map { Question($0, about: image) } }
        let together = try await model.answers(to: asked, options: options)
        #expect(together.count == asked.count)
        for (question, found) in zip(asked, together) {
            let alone = try await model.answers(to: [question], options: options)[0]
            #expect(found.map(\.tokenIDs) == alone.map(\.tokenIDs))
        }
    }

    @Test func questionsAboutOnePicture() async throws {
        let model = try model("all-tasks")
        let image = try await model.encode(pictures()[0])
        let together = try await model.answers(to: questions.map { Question($0, about: image) })
        for (question, found) in zip(questions, together) {
            #expect(try await model.answer(question, about: image).tokenIDs == found[0].tokenIDs)
        }
    }

    @Test(arguments: [false, true]) func matches(ofManyPictures: Bool) async throws {
        let model = try model("itm-f32")
        let images = try await model.encode(pictures())
        let pairs = zip(questions, images).map {
            TextImagePair($0, with: ofManyPictures ? $1 : images[0])
        }
        for (pair, found) in zip(pairs, try await model.match(pairs)) {
            let alone = try await model.match(pair.text, with: pair.image)
            #expect(abs(alone.probability - found.probability) < 1e-5)
            #expect(abs((alone.similarity ?? 9) - (found.similarity ?? -9)) < 1e-5)
        }
    }

    @Test func nothing() async throws {
        let model = try model("all-tasks")
        #expect(try await model.encode([Picture]()).isEmpty)
        #expect(try await model.captions(of: [EncodedImage]()).isEmpty)
        #expect(try await model.answers(to: []).isEmpty)
        let image = try await model.encode(pictures()[0])
        #expect(try await model.match([], with: image).isEmpty)
    }
}
