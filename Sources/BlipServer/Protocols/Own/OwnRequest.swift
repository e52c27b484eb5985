import BLIP
import Hummingbird

/// A request of the service's own protocol: as JSON, or a picture's bytes with the rest in the query.
struct OwnRequest: Sendable {
    let pictures: [RequestPicture]
    let prompt: String
    let questions: [String]
    let texts: [String]
    /// A closed list to rank.
    let answers: [String]
    let isStreamed: Bool
    let generation: GenerationParameters

    init(_ request: Request) async throws {
        let type = request.mediaType
        if type.hasPrefix("image/") || type == "application/octet-stream" {
            let query = QueryValues(request.uri.query)
            prompt = query.first("prompt") ?? ""
            questions = query.all("question")
            texts = query.all("text")
            answers = query.all("answer")
            isStreamed = query.flag("stream")
            generation = try GenerationParameters(query: query)
            pictures = [RequestPicture(bytes: Array(buffer: try await request.bytes()))]
        } else {
            let body = try await request.json(Body.self)
            prompt = body.prompt ?? ""
            questions = (body.question.map { [$0] } ?? []) + (body.questions ?? [])
            texts = (body.text.map { [$0] } ?? []) + (body.texts ?? [])
            answers = body.answers ?? []
            isStreamed = body.stream ?? false
            generation = body.generation
            pictures = try RequestPicture.list(
                base64: (body.image.map { [$0] } ?? []) + (body.images ?? []))
        }
        try check(texts: [prompt], "prompt")
        try check(texts: questions, "questions")
        try check(texts: texts, "texts")
        try check(texts: answers, "answers")
    }

    private struct Body: Decodable {
        let image: String?
        let images: [String]?
        let prompt: String?
        let question: String?
        let questions: [String]?
        let text: String?
        let texts: [String]?
        let answers: [String]?
        let stream: Bool?
        let generation: GenerationParameters

        enum CodingKeys: CodingKey {
            case image, images, prompt, question, questions, text, texts, answers, stream
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            image = try values.decodeIfPresent(String.self, forKey: .image)
            images = try values.decodeIfPresent([String].self, forKey: .images)
            prompt = try values.decodeIfPresent(String.self, forKey: .prompt)
            question = try values.decodeIfPresent(String.self, forKey: .question)
            questions = try values.decodeIfPresent([String].self, forKey: .questions)
            text = try values.decodeIfPresent(String.self, forKey: .text)
            texts = try values.decodeIfPresent([String].self, forKey: .texts)
            answers = try values.decodeIfPresent([String].self, forKey: .answers)
            stream = try values.decodeIfPresent(Bool.self, forKey: .stream)
            generation = try GenerationParameters(from: decoder)
        }
    }
}
