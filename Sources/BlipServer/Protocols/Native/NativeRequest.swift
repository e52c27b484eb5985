import BLIP
import Hummingbird
import BlipWireFormats

/// A request of the service's own protocol: as JSON, as a form, or as a picture's
/// bytes with the rest in the query.
struct NativeRequest: Sendable {
    let pictures: [PictureInput]
    /// Words that captions begin with.
    let prompt: String?
    let questions: [String]
    let texts: [String]
    /// A closed list to rank.
    let answers: [String]
    let isStreamed: Bool
    /// Height and width that the model looks at the pictures with.
    let imageSize: Int?
    let generation: GenerationParameters

    init(_ request: Request, _ reader: BodyReader) async throws {
        let type = request.mediaType
        if type.hasPrefix("image/") || type == "application/octet-stream" {
            let bytes = try await reader.bytes(of: request)
            try self.init(
                [PictureInput(bytes: bytes)], FormFields(request.uri.query))
        } else if type == "multipart/form-data" {
            let contentType = request.headers[.contentType] ?? ""
            let form = try await reader.read(request) {
                try MultipartForm(
                    $0, contentType: contentType, maximumParts: 4 * Limits.texts)
            }
            let files = form.parts.filter(\.isFile)
            try PictureInput.checkCount(files.count)
            try self.init(files.map { PictureInput(bytes: $0.bytes) }, FormFields(form))
        } else {
            self = try await reader.json(Body.self, of: request) { body, _ in try Self(body) }
        }
        try validate(texts: prompt.map { [$0] } ?? [], "prompt")
        try validate(texts: questions, "questions")
        try validate(texts: texts, "texts")
        try validate(texts: answers, "answers")
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

    private init(_ pictures: [PictureInput], _ fields: FormFields) throws(ServiceError) {
        self.pictures = pictures
        prompt = fields.first("prompt")
        questions = fields.all("question")
        texts = fields.all("text")
        answers = fields.all("answer")
        isStreamed = fields.flag("stream")
        imageSize = try fields.number("image_size")
        generation = try GenerationParameters(query: fields)
    }

    private init(_ body: Body) throws(ServiceError) {
        let fields = body.fields
        prompt = fields.prompt
        questions = (fields.question.map { [$0] } ?? []) + (fields.questions ?? [])
        texts = (fields.text.map { [$0] } ?? []) + (fields.texts ?? [])
        answers = fields.answers ?? []
        isStreamed = fields.stream ?? false
        imageSize = fields.imageSize
        generation = body.generation
        pictures = try PictureInput.list(
            base64: (fields.image.map { [$0] } ?? []) + (fields.images ?? []))
    }

    private struct Body: Decodable {
        let fields: Fields
        let generation: GenerationParameters

        init(from decoder: any Decoder) throws {
            fields = try Fields(from: decoder)
            generation = try GenerationParameters(from: decoder)
        }
    }

    private struct Fields: Decodable {
        let image: String?
        let images: [String]?
        let prompt: String?
        let question: String?
        let questions: [String]?
        let text: String?
        let texts: [String]?
        let answers: [String]?
        let stream: Bool?
        let imageSize: Int?

        enum CodingKeys: String, CodingKey {
            case image, images, prompt, question, questions, text, texts, answers, stream
            case imageSize = "image_size"
        }
    }
}
