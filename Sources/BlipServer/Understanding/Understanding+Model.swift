import BLIP

extension Understanding {
    /// What of it the model can do.
    ///
    /// - Throws: ``ServiceError`` where that is nothing, or where long prompts are refused.
    func fitted(to model: BlipModel, _ longPrompts: LongPrompts) throws -> Understanding {
        switch wish {
        case .impossible(let what):
            throw ServiceError(
                .badRequest, "task_unavailable",
                "This model describes pictures and answers short questions about them; it cannot "
                    + "\(what)")
        case .question, .questions:
            guard model.tasks.contains(.answer) else {
                return Understanding(.caption, .captionsOnly)
            }
            let isTooLong = questions.contains { question in
                model.tokenCount(of: question) + 2 > model.configuration.text.maximumPositions
            }
            // Where it is refused, the model says so.
            guard isTooLong, longPrompts == .caption else { return self }
            return Understanding(.caption, .tooLong)
        case .caption, .labels, .json, .greeting: return self
        }
    }

    /// The questions, where it is one or several.
    var questions: [String] {
        switch wish {
        case .question(let question): [question]
        case .questions(let questions): questions
        case .caption, .labels, .json, .greeting, .impossible: []
        }
    }
}
