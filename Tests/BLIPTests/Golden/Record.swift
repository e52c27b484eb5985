import BLIP
import Foundation

/// What transformers made of the photos with one checkpoint; `Tools/reference/README.md` tells
/// how it was recorded and what the fields mean.
struct Record: Decodable, Sendable {
    struct Options: Decodable, Sendable {
        var prompt: String?
        var max_length: Int?
        var min_length: Int?
        var num_beams: Int?
        var length_penalty: Float?
        var early_stopping: Bool?
        var num_return_sequences: Int?
        var repetition_penalty: Float?
        var no_repeat_ngram_size: Int?
    }
    struct Greedy: Decodable, Sendable {
        let ids: [Int]
        let text: String
        let score: Float
        let spread: Float
    }
    struct Beams: Decodable, Sendable {
        struct Sequence: Decodable, Sendable {
            let ids: [Int]
            let text: String
        }
        let sequences: [Sequence]
    }
    struct Question: Decodable, Sendable {
        let question: String
        let question_ids: [Int]
        let answers: [String: Greedy]
        let beam_answers: [String: Beams]
    }
    struct Match: Decodable, Sendable {
        let text: String
        let match_probability: Float
        let match_probability_spread: Float
        let similarity: Float
        let similarity_spread: Float
    }
    struct Embeddings: Decodable, Sendable {
        let shape: [Int]
        let spread: Float
        let tokens: [String: [Float]]
    }
    struct Photo: Decodable, Sendable {
        let photo: String
        let resized: String
        let image_embeddings: Embeddings
        let captions: [String: Greedy]?
        let beam_captions: [String: Beams]?
        let questions: [Question]?
        let matches: [Match]?
    }

    let checkpoint: String
    let options: [String: Options]
    let answer_options: [String: Options]
    let photos: [Photo]

    static let fixtures = Bundle.module.resourceURL?.appending(path: "Fixtures") ?? URL(filePath: "/")

    /// The names of all that was recorded.
    static let names: [String] = {
        let folder = fixtures.appending(path: "records")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }()

    init(named name: String) throws {
        let file = Self.fixtures.appending(path: "records/\(name).json")
        self = try JSONDecoder().decode(Record.self, from: Data(contentsOf: file))
    }

    var folder: URL { Self.fixtures.appending(path: "checkpoints/\(checkpoint)") }
}

extension Record.Options {
    /// The same in this library's terms.
    ///
    /// - Parameter promptLength: tokens of the prompt, the begin token included: transformers
    ///   counts them only where a maximum length is given.
    func options(promptLength: Int) -> GenerationOptions {
        var options = GenerationOptions(
            maximumLength: max_length ?? 20 + promptLength, minimumLength: min_length ?? 0)
        options.beamCount = num_beams ?? 1
        options.lengthPenalty = length_penalty ?? 1
        options.earlyStopping = early_stopping == true ? .always : .heuristic
        options.sequenceCount = num_return_sequences ?? 1
        options.repetitionPenalty = repetition_penalty ?? 1
        options.noRepeatNGramSize = no_repeat_ngram_size ?? 0
        return options
    }
}
