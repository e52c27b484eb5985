import BLIP
import Foundation

/// What transformers made of the photos with one checkpoint; `Tools/reference/README.md` tells
/// how it was recorded and what the fields mean.
struct Record: Decodable, Sendable {
    struct Options: Decodable, Sendable {
        var prompt: String?
        var maxLength: Int?
        var minLength: Int?
        var numBeams: Int?
        var lengthPenalty: Float?
        var earlyStopping: Bool?
        var numReturnSequences: Int?
        var repetitionPenalty: Float?
        var noRepeatNgramSize: Int?
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
        let questionIds: [Int]
        let answers: [String: Greedy]
        let beamAnswers: [String: Beams]
    }
    struct Match: Decodable, Sendable {
        let text: String
        let matchProbability: Float
        let matchProbabilitySpread: Float
        let similarity: Float
        let similaritySpread: Float
    }
    struct Embeddings: Decodable, Sendable {
        let shape: [Int]
        let spread: Float
        let tokens: [String: [Float]]
    }
    struct Photo: Decodable, Sendable {
        let photo: String
        let resized: String
        let imageEmbeddings: Embeddings
        let captions: [String: Greedy]?
        let beamCaptions: [String: Beams]?
        let questions: [Question]?
        let matches: [Match]?
    }

    let checkpoint: String
    let options: [String: Options]
    let answerOptions: [String: Options]
    let photos: [Photo]

    static let fixtures = (Bundle.module.resourceURL ?? Bundle.module.bundleURL)
        .appending(path: "Fixtures")

    /// The names of all that was recorded.
    static let names: [String] = {
        let folder = fixtures.appending(path: "records")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }()

    init(named name: String) throws {
        try self.init(contentsOf: Self.fixtures.appending(path: "records/\(name).json"))
    }

    init(contentsOf file: URL) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Record.self, from: Data(contentsOf: file))
    }

    var folder: URL { Self.fixtures.appending(path: "checkpoints/\(checkpoint)") }
}

extension Record.Options {
    /// The same in this library's terms.
    var generation: GenerationOptions {
        var options = GenerationOptions(
            maximumLength: maxLength, minimumLength: minLength ?? 0)
        options.beamCount = numBeams ?? 1
        options.lengthPenalty = lengthPenalty ?? 1
        options.earlyStopping = earlyStopping == true ? .always : .heuristic
        options.sequenceCount = numReturnSequences ?? 1
        options.repetitionPenalty = repetitionPenalty ?? 1
        options.noRepeatNGramSize = noRepeatNgramSize ?? 0
        return options
    }
}
