/// What a whole prompt asks of a picture.
///
/// BLIP writes a caption or a short answer in English, and takes no instructions. Prompts are written for
/// models that do; what they mean is decided here, once for all protocols.
struct Understanding: Sendable, Hashable {
    enum Wish: Sendable, Hashable {
        case caption
        case question(String)
        case questions([String])
        /// Words for what is in the picture.
        case labels
        /// An object of the names that the prompt tells.
        case json
        /// No picture is meant: clients say hello to see whether the model is there.
        case greeting
        /// What no picture model of this kind can do, in words.
        case impossible(String)
    }

    /// What in the prompt, or of the model, led to the wish.
    enum Reason: String, Sendable, Hashable, Encodable {
        case noWords = "no_words"
        case descriptionAsked = "description_asked"
        /// "What is in this picture?" wants more than the one word that answers it.
        case wholePictureAsked = "whole_picture_asked"
        case questionAsked = "question_asked"
        /// A few words that are no request: "the colour of the car".
        case fewWords = "few_words"
        case labelsAsked = "labels_asked"
        case jsonAsked = "json_asked"
        case schema
        case greeting
        case unable
        /// Words that are neither a wish for a description nor a question.
        case instructions
        /// A question of more words than the model reads.
        case tooLong = "too_long"
        /// The checkpoint answers no questions.
        case captionsOnly = "captions_only"
    }

    var wish: Wish
    var reason: Reason
    /// The answers among which the prompt asks to choose, such as yes and no.
    var answers: [String] = []

    init(_ wish: Wish, _ reason: Reason, answers: [String] = []) {
        self.wish = wish
        self.reason = reason
        self.answers = answers
    }

    /// - Parameters:
    ///   - prompt: what the user says; the words of a chat's last wish.
    ///   - system: what the system tells, which counts where the user asks for nothing.
    init(_ prompt: String, system: String = "") {
        let prompt = PromptText(prompt, system: system)
        let user = Self.acts(in: prompt.user)
        let system = Self.acts(in: prompt.system)
        if (user + system).contains(.json) {
            self.init(.json, .jsonAsked)
        } else if let understood = Self.deciding(user) {
            self = understood
            answers = prompt.closedList
        } else if let understood = Self.deciding(system) {
            self = understood
        } else if user.allSatisfy({ $0 == .nothing || $0 == .instruction }) {
            self.init(.caption, .noWords)
        } else if let words = prompt.user.onlyShort {
            self.init(.question(words), .fewWords)
        } else {
            self.init(.caption, .instructions)
        }
    }

    private static func acts(in sentences: [String]) -> [SentenceAct] {
        sentences.map { SentenceAct($0, isAlone: sentences.count == 1) }
    }

    /// What the first sentence that asks for something makes of them.
    private static func deciding(_ acts: [SentenceAct]) -> Understanding? {
        for act in acts {
            switch act {
            case .description: return Understanding(.caption, .descriptionAsked)
            case .labels: return Understanding(.labels, .labelsAsked)
            case .impossible(let what): return Understanding(.impossible(what), .unable)
            case .greeting where acts.count == 1: return Understanding(.greeting, .greeting)
            case .wholePicture, .question: return questions(acts)
            case .json, .greeting, .nothing, .instruction, .other: continue
            }
        }
        return nil
    }

    private static func questions(_ acts: [SentenceAct]) -> Understanding {
        guard acts.contains(where: { if case .question = $0 { true } else { false } }) else {
            return Understanding(.caption, .wholePictureAsked)
        }
        // Some clients say the same beside each picture.
        var seen: Set<String> = []
        let questions = acts.compactMap { act in
            switch act {
            case .question(let text), .wholePicture(let text): text
            default: nil
            }
        }.filter { seen.insert($0).inserted }
        if questions.count == 1 { return Understanding(.question(questions[0]), .questionAsked) }
        return Understanding(.questions(questions), .questionAsked)
    }
}

extension [String] {
    /// The one short sentence, where there is no more: "a dog?", "the colour of the car".
    fileprivate var onlyShort: String? {
        guard count == 1, let only = first else { return nil }
        return only.promptWords.count <= 12 ? only : nil
    }
}
