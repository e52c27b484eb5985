@testable import BLIP
import OpenVINO
import BlipPictures
import Testing

/// What text attends to of a picture is computed once, whatever batches it is in.
@Suite("Keys and values of pictures")
struct ContextTests {
    private let options = RuntimeOptions(device: "CPU", precision: .f32)
    private let questions = ["what is it?", "how many dogs are in the picture?", "who"]

    private func model(_ name: String = "all-tasks") throws -> BlipModel {
        try BlipModel(
            folder: Record.fixtures.appending(path: "checkpoints/\(name)"), options: options)
    }

    private func pictures(_ count: Int) throws -> [Picture] {
        let names = ["astronaut.png", "chelsea.jpg", "china.jpg", "coffee.png", "rocket.png"]
        return try names.prefix(count).map {
            try Picture(contentsOf: Record.fixtures.appending(path: "photos/\($0)"))
        }
    }

    /// Where a picture's keys lie, and how many pictures' were computed together with them.
    private func keys(_ part: ModelPart, _ image: EncodedImage) throws -> (Tensor, pictures: Int) {
        let context = try #require(image.contexts[part]).context
        return (context.keys[0], context.lengths.count)
    }

    @Test func questionsInAnyMixAndOrder() async throws {
        let (model, fresh) = (try model(), try model())
        let pictures = try pictures(4)
        let images = try await model.encode(pictures)
        let (a, b, c, d) = (images[0], images[1], images[2], images[3])
        let mixes: [[(EncodedImage, Int)]] = [
            // Every picture with every question; another order, with one more; one of them alone; repeated.
            [(a, 0), (a, 1), (a, 2), (b, 0), (b, 1), (b, 2)],
            [(c, 1), (b, 2), (a, 0), (b, 0), (d, 0)],
            [(b, 1)], [(a, 2), (a, 2), (d, 1), (a, 2)], [(d, 0), (c, 0), (b, 0), (a, 0)],
        ]
        var first: [ObjectIdentifier: Tensor] = [:]
        for mix in mixes {
            let asked = mix.map { Question(questions[$1], about: $0) }
            let answers = try await model.answers(to: asked)
            for ((image, question), answer) in zip(mix, answers) {
                let index = try #require(images.firstIndex { $0 === image })
                let alone = try await fresh.answer(
                    questions[question], about: fresh.encode(pictures[index]))
                #expect(answer[0].tokenIDs == alone.tokenIDs)
                let found = try keys(.encoderContext, image)
                #expect(found.pictures == 2, "a and b came together, then c and d")
                #expect(first[ObjectIdentifier(image), default: found.0] === found.0)
                first[ObjectIdentifier(image)] = found.0
            }
        }
        // Ranking needs the same.
        let ranked = try await model.rank(["a dog", "a cat"], for: "who", about: a)
        let alone = try await fresh.rank(
            ["a dog", "a cat"], for: "who", about: fresh.encode(pictures[0]))
        #expect(ranked.answers.map(\.answer) == alone.answers.map(\.answer))
        #expect(try keys(.encoderContext, a).0 === first[ObjectIdentifier(a)])
    }

    @Test func captionsInAnyMixAndOrder() async throws {
        let model = try model()
        let pictures = try pictures(3)
        let images = try await model.encode(pictures)
        var beams = GenerationOptions()
        beams.beamCount = 2
        for (mix, options) in [
            ([0, 1], GenerationOptions()), ([1, 2, 0], .init()), ([2], .init()), ([1], .init()),
            ([0, 0, 1], .init()), ([1, 1], .init()), ([2, 2], beams), ([0, 2, 1], beams),
        ] {
            let found = try await model.captions(of: mix.map { images[$0] }, options: options)
            #expect(found.count == mix.count)
            for (index, texts) in zip(mix, found) {
                let alone = try await model.caption(
                    model.encode(pictures[index]), options: options)
                #expect(texts[0].tokenIDs == alone.tokenIDs)
            }
        }
        #expect(try keys(.decoderContext, images[0]).pictures == 2)
        #expect(try keys(.decoderContext, images[0]).0 === keys(.decoderContext, images[1]).0)
        #expect(try keys(.decoderContext, images[2]).pictures == 1)
    }

    @Test func matchesInAnyMixAndOrder() async throws {
        let (model, fresh) = (try model("itm-f32"), try model("itm-f32"))
        let pictures = try pictures(3)
        let images = try await model.encode(pictures)
        let texts = ["a dog on a beach", "a cat", "a rocket that starts, seen from far away"]
        let before = try await model.match(texts.map { TextImagePair($0, with: images[0]) })
        let first = try keys(.encoderContext, images[0]).0
        for mix in [[(0, 0), (1, 1), (0, 2), (2, 1)], [(2, 0), (1, 0)], [(0, 1)]] {
            let pairs = mix.map { TextImagePair(texts[$1], with: images[$0]) }
            for (pair, found) in zip(pairs, try await model.match(pairs)) {
                let index = try #require(images.firstIndex { $0 === pair.image })
                let alone = try await fresh.match(pair.text, with: fresh.encode(pictures[index]))
                #expect(abs(found.probability - alone.probability) < 1e-5)
                #expect(abs(try #require(found.similarity) - #require(alone.similarity)) < 1e-5)
            }
        }
        #expect(try keys(.encoderContext, images[0]).0 === first)
        // Texts' vectors need no picture: each was run once.
        #expect(await model.textEmbeddings.count == texts.count)
        let probabilities = try await model.matchProbabilities(of: texts, with: images[0])
        #expect(probabilities == before.map(\.probability))
        #expect(
            try await model.match(texts, with: images[0]).map(\.similarity)
                == before.map(\.similarity))
    }

    @Test func textEmbeddingsAreNotKeptForEver() async throws {
        let model = try model("itm-f32")
        let image = try await model.encode(pictures(1)[0])
        let texts = (0..<600).map { "a \($0)" }
        let first = try await model.match(texts, with: image)[7]
        #expect(await model.textEmbeddings.count == texts.count)
        _ = try await model.match(texts.map { "the \($0)" }, with: image)
        #expect(await model.textEmbeddings.isEmpty)
        let again = try await model.match(texts[7], with: image)
        #expect(abs(try #require(again.similarity) - #require(first.similarity)) < 1e-5)
    }

    /// Memory that pictures share goes when most of them did.
    @Test func memoryIsNotHeldForPicturesThatAreGone() async throws {
        let model = try model()
        var images = try await model.encode(pictures(5))
        let expected = try await model.captions(of: images).map { $0[0].tokenIDs }
        weak let shared = try keys(.decoderContext, images[0]).0
        images.removeSubrange(2...)
        let other = try await model.encode(pictures(1)[0])
        _ = try await model.caption(other)
        #expect(shared == nil)
        for (image, expected) in zip(images, expected) {
            #expect(try keys(.decoderContext, image).pictures == 1)
            #expect(try await model.caption(image).tokenIDs == expected)
        }
        weak let own = try keys(.decoderContext, images[0]).0
        images = []
        #expect(own == nil)
        #expect(await model.sharedContexts.isEmpty)
    }

    @Test func textsAboutOnePictureRunTogether() async throws {
        let images = try await model().encode(pictures(4))
        let (a, b, c, d) = (images[0], images[1], images[2], images[3])
        #expect([a, b, a, c, d, c, a].runs == [[0, 2, 6], [3, 5], [1, 4]])
        #expect([a, b, c].runs == [[0, 1, 2]])
        #expect([b, b].runs == [[0, 1]])
    }
}
