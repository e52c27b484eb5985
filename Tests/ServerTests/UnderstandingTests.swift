import BLIP
import Foundation
import Testing

@testable import BlipServer

@Suite("What prompts ask for")
struct UnderstandingTests {
    struct Prompt: Decodable, Sendable, CustomTestStringConvertible {
        let product: String
        let language: String
        let prompt: String
        let system: String?
        let wish: String
        let questions: [String]?

        var testDescription: String { "\(product), \(language): \(prompt.prefix(60))" }

        enum CodingKeys: String, CodingKey {
            case product, language, prompt, system, questions
            case wish = "as"
        }
    }

    /// Made for this table in the way of the products.
    static let table: [Prompt] = {
        let url = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/prompts.jsonl")
        let lines = (try? String(contentsOf: url, encoding: .utf8))?.split(separator: "\n") ?? []
        return lines.compactMap { try? JSONDecoder().decode(Prompt.self, from: Data($0.utf8)) }
    }()

    @Test func theTableIsWhole() {
        #expect(Self.table.count >= 200)
        #expect(Set(Self.table.map(\.language)).count >= 10)
    }

    @Test(arguments: table)
    func understood(_ prompt: Prompt) {
        let understanding = Understanding(prompt.prompt, system: prompt.system ?? "")
        #expect(UnderstoodRecord(understanding, nil).wish == prompt.wish)
        if let questions = prompt.questions { #expect(understanding.questions == questions) }
    }

    @Test(arguments: [
        ("Is there a parcel? Answer yes or no.", ["yes", "no"]),
        ("Is the bin full or empty? Reply only with \"full\" or 'empty'.", ["full", "empty"]),
        ("How many dogs are there? Answer in one word.", []),
        ("Does the sign say 'stop' or 'go'?", []),
    ])
    func answersToChooseFrom(_ prompt: String, _ answers: [String]) {
        #expect(Understanding(prompt).answers == answers)
    }

    @Test func whatIsSaidBesideEachPictureIsAskedOnce() {
        let prompt = "Is there a dog?\nIs there a dog?"
        #expect(Understanding(prompt).wish == .question("Is there a dog?"))
    }

    @Test func whatTheModelCannotReadIsACaptionOrRefused() async throws {
        let model = try await RunningServer.model.value
        let long = "Is there " + String(repeating: "a dog or ", count: 60) + "a cat?"
        let asked = Understanding(long)
        #expect(asked.reason == .questionAsked)
        let fitted = try asked.fitted(to: model, .caption)
        #expect(fitted == Understanding(.caption, .tooLong))
        #expect(try asked.fitted(to: model, .refuse) == asked)
        #expect(throws: ServiceError.self) {
            try Understanding("Translate the sign.").fitted(to: model, .caption)
        }
    }
}
