import BLIP
import BlipJSON

/// What the model does for a chat.
enum ChatWork: Sendable {
    case caption
    /// Questions, and the answers among which to choose, if the prompt tells them.
    case questions([String], answers: [String])
    case labels
    case structure(DescribedSchema)
    case greeting

    /// - Returns: also how the prompt was understood, given what the model can do.
    /// - Throws: ``ServiceError`` and `BlipError` for what it cannot, before any work.
    static func plan(
        _ task: ChatTask, _ inference: Inference
    ) throws -> (work: ChatWork, understanding: Understanding) {
        let model = inference.model
        if let schema = schema(of: task) {
            let described = try SchemaReader.read(
                schema, canAnswer: model.tasks.contains(.answer))
            try model.validate(captionsWith: .init())
            guard
                described.schema.questionCount * Double(task.pictures.count) <= Double(Limits.rows)
            else {
                throw ServiceError(
                    .badRequest, "schema_unsupported",
                    "The schema asks for too many values of \(task.pictures.count) pictures; ask for at "
                        + "most \(Limits.rows) in all")
            }
            let reason = task.understanding.wish == .json ? Understanding.Reason.jsonAsked : .schema
            return (.structure(described), Understanding(.json, reason))
        }
        var understanding = try task.understanding.fitted(to: model, inference.longPrompts)
        if case .choice(let choices) = task.format {
            guard case .question = understanding.wish, task.pictures.count == 1 else {
                throw ServiceError.invalid(
                    "A choice is made for one question about one picture; send these, or leave the choice out"
                )
            }
            understanding.answers = choices
        }
        let work: ChatWork =
            switch understanding.wish {
            case .greeting: .greeting
            case .labels: .labels
            case .caption, .json, .impossible: .caption
            case .question, .questions:
                .questions(understanding.questions, answers: understanding.answers)
            }
        try work.validate(model, task.options)
        return (work, understanding)
    }

    private static func schema(of task: ChatTask) -> JSONValue? {
        switch task.format {
        case .schema(let schema), .function(_, let schema): schema
        case .json: PromptedSchema.schema(of: task.prompt, system: task.system, isObject: true)
        case .text where task.understanding.wish == .json:
            PromptedSchema.schema(of: task.prompt, system: task.system)
        case .text, .choice: nil
        }
    }

    private func validate(_ model: BlipModel, _ options: GenerationOptions) throws {
        switch self {
        case .caption: try model.validate(captionsWith: options)
        case .questions(let questions, let answers):
            try BlipServer.validate(texts: questions, "messages")
            try model.validate(answersTo: questions, options: options)
            if !answers.isEmpty { try model.validate(ranking: answers) }
        case .labels: try model.validate(captionsWith: .init())
        case .structure, .greeting: break
        }
        if case .caption = self { return }
        if case .questions(let questions, []) = self, questions.count == 1 { return }
        guard options.sequenceCount == 1 else {
            throw ServiceError.invalid(
                "n above 1 is only possible for a caption or one question; leave it out")
        }
    }
}
