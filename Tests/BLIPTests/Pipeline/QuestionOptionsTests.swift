import BLIP
import Foundation
import Synchronization
import Testing

@Suite("Options of single questions, and what loading tells")
struct QuestionOptionsTests {
    private let folder = Record.fixtures.appending(path: "checkpoints/all-tasks")
    private let options = RuntimeOptions(device: "CPU", precision: .f32)
    private let photo = Record.fixtures.appending(path: "photos/china.jpg")

    @Test func eachIsAnsweredAsItWants() async throws {
        let model = try BlipModel(folder: folder, options: options)
        let image = try await model.encode(contentsOf: photo)
        var several = GenerationOptions(maximumLength: 4)
        several.beamCount = 3
        several.sequenceCount = 2
        let words = ["what is it", "how many", "is it red"]
        let questions = [
            Question(words[0], about: image), Question(words[1], about: image, options: several),
            Question(words[2], about: image),
        ]
        let told = Mutex<Set<Int>>([])
        let answers = try await model.answers(to: questions) { text in
            told.withLock { _ = $0.insert(text.input) }
        }
        #expect(answers.map(\.count) == [1, 2, 1])
        // A beam search tells nothing while it runs.
        #expect(told.withLock { $0 } == [0, 2])
        for (index, word) in words.enumerated() {
            let alone = try await model.answers(
                to: [Question(word, about: image)], options: questions[index].options ?? .init())
            #expect(alone[0].map(\.tokenIDs) == answers[index].map(\.tokenIDs))
        }
    }

    @Test func loadingTellsHowFarItIs() async throws {
        let model = try BlipModel(folder: folder, options: options)
        let told = Mutex<[Int]>([])
        try await model.prepare(for: [.caption]) { done, parts in
            told.withLock { $0.append(done * 10 + parts) }
        }
        #expect(told.withLock { $0 } == [13, 23, 33])
    }
}
