import BLIP
import Foundation
import BlipPictures
import Testing

/// Against a run of the original's steps on transformers' modules; see
/// `Tools/reference/record_ranking.py`.
@Suite("Salesforce's treatment of questions, and ranked answers")
struct RankingTests {
    private struct Recorded: Decodable {
        struct Rank: Decodable {
            let answer: String
            let score: Float
            let logLikelihood: Float
        }
        struct Entry: Decodable {
            let photo: String
            let question: String
            let answerIds: [Int]
            let ranking: [Rank]
        }
        let checkpoint: String
        let answers: [String]
        let entries: [Entry]
    }

    @Test(arguments: ["all-tasks", "vqa-f32", "vqa-sharded"])
    func recorded(name: String) async throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file = Record.fixtures.appending(path: "rankings/\(name).json")
        let recorded = try decoder.decode(Recorded.self, from: Data(contentsOf: file))
        let model = try BlipModel(
            folder: Record.fixtures.appending(path: "checkpoints/\(name)"),
            options: RuntimeOptions(device: "CPU", precision: .f32))
        #expect(recorded.entries.count == 18)
        for entry in recorded.entries {
            let image = try await model.encode(
                Picture(contentsOf: Record.fixtures.appending(path: entry.photo)))
            let answer = try await model.answer(
                entry.question, about: image, options: .salesforceAnswers,
                compatibility: .salesforce)
            #expect(answer.tokenIDs == entry.answerIds, "\(entry.photo) \(entry.question)")
            let ranking = try await model.rank(
                recorded.answers, for: entry.question, about: image,
                compatibility: .salesforce)
            #expect(ranking.answers.map(\.answer) == entry.ranking.map(\.answer))
            for (found, expected) in zip(ranking.answers, entry.ranking) {
                #expect(abs(found.score - expected.score) < 0.02)
                #expect(abs(found.logLikelihood - expected.logLikelihood) < 0.02)
            }
        }
    }

    @Test func listsThatCannotBeRanked() async throws {
        let folder = Record.fixtures.appending(path: "checkpoints/all-tasks")
        let model = try BlipModel(folder: folder)
        let photo = Record.fixtures.appending(path: "photos/china.jpg")
        let image = try await model.encode(Picture(contentsOf: photo))
        for answers in [[], ["yes", ""], [" "]] {
            let error = await #expect(throws: BlipError.self) {
                try await model.rank(answers, for: "what", about: image)
            }
            #expect(error?.code == .invalidOption)
        }
        // More than the short list holds.
        let many = (0..<200).map { "answer \($0)" }
        #expect(try await model.rank(many, for: "what", about: image).answers.count == 128)
    }
}
