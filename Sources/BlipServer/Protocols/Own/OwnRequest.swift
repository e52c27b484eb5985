import BLIP
import Hummingbird
import BlipWireFormats

/// A request of the service's own protocol: as JSON, as a form, or as a picture's
/// bytes with the rest in the query.
struct OwnRequest: Sendable {
    let pictures: [RequestPicture]
    /// Words that captions begin with.
    let prompt: String?
    let questions: [String]
    let texts: [String]
    /// A closed list to rank.
    let answers: [String]
    let isStreamed: Bool
    let generation: GenerationParameters

    init(_ request: Request, _ reader: BodyReader) async throws {
        let type = request.mediaType
        if type.hasPrefix("image/") || type == "application/octet-stream" {
            let bytes = try await reader.bytes(of: request)
            try self.init(
                [RequestPicture(bytes: Array(buffer: bytes))], QueryValues(request.uri.query))
        } else if type == "multipart/form-data" {
            let form = try MultipartForm(
                Array(buffer: try await reader.bytes(of: request)),
                contentType: request.headers[.contentType] ?? "", maximumParts: 4 * Limits.texts)
            let files = form.parts.filter(\.isFile)
            try RequestPicture.checkCount(files.count)
            try self.init(files.map { RequestPicture(bytes: $0.bytes) }, QueryValues(form))
        } else {
            try self.init(try await reader.json(Body.self, of: request))
        }
        try check(texts: prompt.map { [$0] } ?? [], "prompt")
        try check(texts: questions, "questions")
        try check(texts: texts, "texts")
        try check(texts: answers, "answers")
    }

    /// Refuses what would take the model for too long, though each of its numbers is allowed.
    ///
    /// - Parameter count: texts a picture.
    func checkRows(_ count: Int) throws(ServiceError) {
        guard pictures.count * count <= Limits.rows else {
            throw .invalid(
                "Pictures, questions and the texts or answers of each make "
                    + "\(pictures.count * count) texts, too many for one request; send several, of at "
                    + "most \(Limits.rows) each")
        }
    }

    private init(_ pictures: [RequestPicture], _ fields: QueryValues) throws(ServiceError) {
        self.pictures = pictures
        prompt = fields.first("prompt")
        questions = fields.all("question")
        texts = fields.all("text")
        answers = fields.all("answer")
        isStreamed = fields.flag("stream")
        generation = try GenerationParameters(query: fields)
    }

    private init(_ body: Body) throws(ServiceError) {
        prompt = body.prompt
        questions = (body.question.map { [$0] } ?? []) + (body.questions ?? [])
        texts = (body.text.map { [$0] } ?? []) + (body.texts ?? [])
        answers = body.answers ?? []
        isStreamed = body.stream ?? false
        generation = body.generation
        pictures = try RequestPicture.list(
            base64: (body.image.map { [$0] } ?? []) + (body.images ?? []))
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
