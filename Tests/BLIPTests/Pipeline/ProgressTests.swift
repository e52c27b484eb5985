import BLIP
import BlipDemoModel
import Foundation
import BlipPictures
import Synchronization
import Testing

@Suite("Texts while they grow")
struct ProgressTests {
    private func model() throws -> BlipModel {
        try BlipModel(folder: DemoModel.folder, options: .init(device: "CPU", precision: .f32))
    }

    private func pictures() throws -> [Picture] {
        try ["four-dogs.png", "three-pigs.png", "elephant-and-cow.png"].map { name in
            let root = URL(filePath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            return try Picture(contentsOf: root.appending(path: "Samples/\(name)"))
        }
    }

    @Test(arguments: [1, 3])
    func listeningChangesNothing(texts: Int) async throws {
        let model = try model()
        let images = try await model.encode(pictures())
        var options = GenerationOptions()
        options.sequenceCount = texts
        if texts > 1 { options.sampling = .init(temperature: 2, seed: 5) }
        let partials = Mutex<[PartialText]>([])
        let silent = try await model.captions(of: images, options: options)
        let heard = try await model.captions(of: images, options: options) { partial in
            partials.withLock { $0.append(partial) }
        }
        #expect(heard.map { $0.map(\.tokenIDs) } == silent.map { $0.map(\.tokenIDs) })
        #expect(heard.map { $0.map(\.score) } == silent.map { $0.map(\.score) })
        let all = partials.withLock { $0 }
        for (input, texts) in heard.enumerated() {
            for (index, text) in texts.enumerated() {
                let own = all.filter { $0.input == input && $0.index == index }
                // One token more each time, up to the whole text.
                #expect(own.map(\.tokenIDs.count) == Array(1...text.tokenIDs.count))
                #expect(own.last?.tokenIDs == text.tokenIDs)
                #expect(own.last?.text == text.text)
            }
        }
    }

    @Test func answersGrowToo() async throws {
        let model = try model()
        let image = try await model.encode(pictures()[0])
        let partials = Mutex<[String]>([])
        let answers = try await model.answers(
            to: [Question("how many dogs are there?", about: image)]
        ) { partial in
            partials.withLock { $0.append(partial.text) }
        }
        #expect(answers.first?.first?.text == "4")
        #expect(partials.withLock { $0 } == ["4"])
    }

    @Test func checksRunNothingAndSayWhatTheCallsWould() async throws {
        let model = try model()
        try model.validate(captionsWith: .init(), prompt: "a picture of")
        try model.validate(answersTo: ["how many dogs are there?"])
        try model.validate(matching: ["a dog"])
        #expect(await model.compilations().isEmpty)
        let long = String(repeating: "dog ", count: 5_000)
        for check in [
            { try model.validate(captionsWith: .init(), prompt: long) },
            { try model.validate(answersTo: [long]) },
            { try model.validate(matching: [long]) },
        ] {
            let error = #expect(throws: BlipError.self) { try check() }
            #expect(error?.code == .textTooLong)
        }
        #expect(model.tokenCount(of: "how many dogs") == 3)
    }
}
