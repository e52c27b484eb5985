import BLIP
import BlipConversion
import BlipDemoModel
import Foundation
import BlipPictures
import Testing

@Suite("A model that many tasks share")
struct BlipModelTests {
    private let folder = Record.fixtures.appending(path: "checkpoints/all-tasks")
    private let options = RuntimeOptions(device: "CPU", precision: .f32)

    private func photo(_ name: String) throws -> Picture {
        try Picture(contentsOf: Record.fixtures.appending(path: "photos/\(name)"))
    }

    /// The example of the documentation.
    @Test func documented() async throws {
        let file = Record.fixtures.appending(path: "photos/coffee.png")
        let model = try BlipModel(folder: folder)
        let image = try await model.encode(Picture(contentsOf: file))
        let caption = try await model.caption(image)
        let answer = try await model.answer("what is on the left?", about: image)
        print(caption.text, answer.text)
        #expect(!caption.text.isEmpty)
    }

    /// The example of DemoModel's page.
    @Test func demoModelDocumented() throws {
        let model = try BlipModel(folder: DemoModel.folder)
        #expect(model.configuration.vision.imageSize == 112)
        #expect(model.tasks.contains(.caption))
    }

    @Test func tasksAreFoundFromTheTensors() throws {
        let tasks = { (name: String) in
            try BlipModel(folder: Record.fixtures.appending(path: "checkpoints/\(name)")).tasks
        }
        #expect(try tasks("all-tasks") == [.caption, .answer, .match])
        #expect(try tasks("vqa-f32") == [.caption, .answer])
        #expect(try tasks("caption-f16") == [.caption])
        #expect(try tasks("itm-f32") == [.match])
        #expect(try BlipModel(folder: DemoModel.folder).tasks == [.caption, .answer, .match])
    }

    @Test func howItWasCompiled() async throws {
        let cache = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: cache) }
        for isFromCache in [false, true] {
            let model = try BlipModel(
                folder: folder,
                options: RuntimeOptions(device: "CPU", precision: .f32, cacheDirectory: cache))
            #expect(await model.compilations().isEmpty, "nothing is compiled before it is needed")
            try await model.prepare(for: [.caption])
            let compiled = await model.compilations()
            #expect(compiled.map(\.part) == [.vision, .decoderContext, .textDecoder])
            for part in compiled {
                #expect(part.devices == ["CPU"])
                #expect(part.precision == "f32")
                // Its weights of 16 bits stay so at f32, which no cache keeps.
                #expect(part.isFromCache == (isFromCache && part.part != .textDecoder))
            }
        }
    }

    @Test func textsNeedNoVisionModel() async throws {
        let model = try BlipModel(folder: folder, options: options)
        let image = try await model.encode(photo("rocket.png"))
        let caption = try await model.caption(image)
        await model.releaseVision()
        #expect(await model.compilations().allSatisfy { $0.part != .vision })
        #expect(try await model.caption(image).tokenIDs == caption.tokenIDs)
        // The next picture compiles it again.
        let again = try await model.encode(photo("rocket.png"))
        #expect(try await model.patchEmbeddings(of: again) == model.patchEmbeddings(of: image))
        #expect(await model.compilations().contains { $0.part == .vision })
    }

    /// Whoever asks it: what counts is when it last ran.
    @Test func anIdleModelIsUnloadedOnce() async throws {
        let model = try BlipModel(folder: folder, options: options)
        #expect(await !model.unload(unusedFor: .zero), "nothing is loaded yet")
        for _ in 0..<2 {
            _ = try await model.encode(photo("rocket.png"))
            #expect(await !model.unload(unusedFor: .seconds(3_600)))
            #expect(await !model.compilations().isEmpty)
            #expect(await model.unload(unusedFor: .zero))
            #expect(await model.compilations().isEmpty)
            #expect(await !model.unload(unusedFor: .zero))
        }
    }

    @Test func whatIsStillCompiledIsWaitedFor() async throws {
        let prepared = try BlipModel(folder: folder, options: options)
        try await prepared.prepare(for: [.caption])
        let expected = try await prepared.caption(prepared.encode(photo("rocket.png")))
        let started = try BlipModel(folder: folder, options: options)
        try await started.startPreparing(for: [.caption])
        let caption = try await started.caption(started.encode(photo("rocket.png")))
        #expect(caption.tokenIDs == expected.tokenIDs)
        // A model may go before it is compiled, and its vision model too.
        try await BlipModel(folder: folder, options: options).startPreparing(for: [.caption])
        let impatient = try BlipModel(folder: folder, options: options)
        try await impatient.startPreparing(for: [.caption])
        await impatient.releaseVision()
        let again = try await impatient.caption(impatient.encode(photo("rocket.png")))
        #expect(again.tokenIDs == expected.tokenIDs)
    }

    @Test func whatFailedIsTriedAgain() async throws {
        let converted = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: converted) }
        _ = try BlipConverter(checkpoint: folder).write(to: converted)
        let model = try BlipModel(folder: converted, options: options)
        let graphs = ["vision", "text_decoder_context", "text_decoder"].map {
            converted.appending(path: "\($0).xml")
        }
        let kept = try graphs.map { try Data(contentsOf: $0) }
        for graph in graphs { try Data("no graph".utf8).write(to: graph) }
        await #expect(throws: (any Error).self) { try await model.prepare(for: [.caption]) }
        #expect(await model.compilations().isEmpty)
        for (graph, data) in zip(graphs, kept) { try data.write(to: graph) }
        try await model.prepare(for: [.caption])
        #expect(await model.compilations().count == 3)
    }

    @Test func nothingIsStartedForATaskThatIsNotThere() async throws {
        let model = try BlipModel(
            folder: Record.fixtures.appending(path: "checkpoints/caption-f16"), options: options)
        let error: BlipError? = await #expect(throws: BlipError.self) {
            try await model.startPreparing(for: [.caption, .answer])
        }
        #expect(error?.code == .taskUnavailable)
        #expect(await model.compilations().isEmpty)
    }

    @Test func manyTasksGetTheSameAsOne() async throws {
        let model = try BlipModel(folder: folder, options: options)
        let names = ["astronaut.png", "china.jpg", "rocket.png"]
        var expected: [String: [GeneratedText]] = [:]
        for name in names {
            let image = try await model.encode(photo(name))
            expected[name] = [
                try await model.caption(image), try await model.answer("what is it", about: image),
            ]
        }
        try await withThrowingTaskGroup(of: (String, [[Int]]).self) { group in
            for index in 0..<24 {
                let name = names[index % names.count]
                let picture = try photo(name)
                group.addTask {
                    let image = try await model.encode(picture)
                    // In the other order, so that whatever is cached is made by either.
                    let answer = try await model.answer("what is it", about: image)
                    let caption = try await model.caption(image)
                    return (name, [caption.tokenIDs, answer.tokenIDs])
                }
            }
            for try await (name, found) in group {
                #expect(found == expected[name]?.map(\.tokenIDs))
            }
        }
    }

    @Test func oneEncodingServesEveryText() async throws {
        let model = try BlipModel(folder: folder, options: options)
        let image = try await model.encode(photo("chelsea.jpg"))
        let embeddings = try await model.patchEmbeddings(of: image)
        #expect(embeddings.count == image.shape.tokens * image.shape.width)
        let first = try await model.caption(image)
        _ = try await model.answer("where is it?", about: image)
        #expect(try await model.caption(image).tokenIDs == first.tokenIDs)
        #expect(try await model.patchEmbeddings(of: image) == embeddings)
    }

    @Test func imagesBelongToTheModelThatMadeThem() async throws {
        let one = try BlipModel(folder: folder, options: options)
        let other = try BlipModel(folder: folder, options: options)
        let image = try await one.encode(photo("china.jpg"))
        let error = await #expect(throws: BlipError.self) { try await other.caption(image) }
        #expect(error?.code == .invalidOption)
    }

    @Test func imagesOutliveTheirModel() async throws {
        var model: BlipModel? = try BlipModel(folder: folder, options: options)
        let image = try #require(try await model?.encode(photo("china.jpg")))
        model = nil
        #expect(image.shape.tokens == 37)
    }

    @Test func textsThatAreTooLong() async throws {
        let model = try BlipModel(folder: folder, options: options)
        let image = try await model.encode(photo("china.jpg"))
        let question = String(repeating: "how many dogs ", count: 400)
        let error = await #expect(throws: BlipError.self) {
            try await model.answer(question, about: image)
        }
        #expect(error?.code == .textTooLong)
        let prompt = await #expect(throws: BlipError.self) {
            try await model.caption(image, prompt: question)
        }
        #expect(prompt?.code == .textTooLong)
    }

    @Test(arguments: ["", " ", "\u{0}"])
    func questionsWithoutAWord(question: String) async throws {
        let model = try BlipModel(folder: folder, options: options)
        let image = try await model.encode(photo("china.jpg"))
        let answer = await #expect(throws: BlipError.self) {
            try await model.answer(question, about: image)
        }
        let ranking = await #expect(throws: BlipError.self) {
            try await model.rank(["yes", "no"], for: question, about: image)
        }
        #expect(answer?.code == .invalidOption)
        #expect(ranking == answer)
    }

    @Test func strangeQuestionsAreTheirTokens() async throws {
        let model = try BlipModel(folder: folder, options: options)
        let image = try await model.encode(photo("china.jpg"))
        // What no vocabulary spells is one unknown word, however it is written.
        let unknown = ["🐕‍🦺", String(repeating: "x", count: 10_000), "[UNK]"]
        let questions = (unknown + ["?", "[SEP]"]).map { Question($0, about: image) }
        let answers = try await model.answers(to: questions).map { $0.map(\.tokenIDs) }
        #expect(Set(answers.prefix(unknown.count)).count == 1)
        for (question, expected) in zip(questions, answers) {
            #expect(
                try await model.answers(to: [question]).map { $0.map(\.tokenIDs) } == [expected])
        }
    }

    /// Half precision changes what it changes, but not the kind of result.
    @Test(arguments: [RuntimeOptions.Precision.automatic, .bf16])
    func narrowStates(precision: RuntimeOptions.Precision) async throws {
        let exact = try BlipModel(folder: folder, options: options)
        let narrow = try BlipModel(
            folder: folder, options: RuntimeOptions(device: "CPU", precision: precision))
        let expected = try await exact.patchEmbeddings(of: exact.encode(photo("rocket.png")))
        let image = try await narrow.encode(photo("rocket.png"))
        let found = try await narrow.patchEmbeddings(of: image)
        #expect(cosine(found, expected) > 0.99)
        #expect(try await !narrow.caption(image).text.isEmpty)
    }

    private func cosine(_ a: [Float], _ b: [Float]) -> Float {
        let product = { (x: [Float], y: [Float]) in zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
        return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
    }
}
