/// A picture with questions about it.
struct QuestionedPicture {
    let id: Identifier
    let input: ImageInput
    var questions: [AnnotatedQuestion]
}

/// A question with what people answered.
struct AnnotatedQuestion {
    let id: Identifier
    let text: String
    let answers: [String]
    let answerType: String
    let questionType: String
}

/// Questions in VQA v2's format.
struct QuestionFile: Decodable {
    struct Question: Decodable {
        let questionID: Identifier
        let imageID: Identifier
        let question: String

        enum CodingKeys: String, CodingKey {
            case questionID = "question_id"
            case imageID = "image_id"
            case question
        }
    }

    let questions: [Question]
}

/// Answers in VQA v2's format.
struct AnswerFile: Decodable {
    struct Annotation: Decodable {
        struct Answer: Decodable { let answer: String }

        let questionID: Identifier
        let answers: [Answer]
        let answerType: String?
        let questionType: String?

        enum CodingKeys: String, CodingKey {
            case questionID = "question_id"
            case answers
            case answerType = "answer_type"
            case questionType = "question_type"
        }
    }

    let annotations: [Annotation]
}

/// Questions with their pictures and answers, put together from VQA's two files.
struct QuestionAnnotations {
    private let questions: String
    private let answers: String
    private let folder: PictureFolder
    private let find: (Identifier) -> [ImageInput]
    private var pictures: [QuestionedPicture] = []
    private var places: [Identifier: Int] = [:]
    private var names: Set<String> = []

    /// The pictures in the order of their first question.
    static func read(
        questions: String, answers: String, folder: PictureFolder
    ) throws -> [QuestionedPicture] {
        let asked = try AnnotationFile.read(questions, as: QuestionFile.self).questions
        let annotations = try AnnotationFile.read(answers, as: AnswerFile.self).annotations
        let annotated = Dictionary(
            annotations.map { ($0.questionID, $0) }, uniquingKeysWith: { first, _ in first })
        var collected = Self(
            questions: questions, answers: answers, folder: folder, find: folder.byNumber())
        var ids: Set<Identifier> = []
        for question in asked {
            guard ids.insert(question.questionID).inserted else {
                throw Failure(
                    .usage,
                    "\(questions): question \(question.questionID) is there twice; leave one of "
                        + "them out.")
            }
            try collected.add(question, annotated[question.questionID])
        }
        guard !collected.pictures.isEmpty else {
            throw Failure(.usage, "\(questions): there are no questions; give a file with some.")
        }
        return collected.pictures
    }

    private init(
        questions: String, answers: String, folder: PictureFolder,
        find: @escaping (Identifier) -> [ImageInput]
    ) {
        self.questions = questions
        self.answers = answers
        self.folder = folder
        self.find = find
    }

    private mutating func add(
        _ question: QuestionFile.Question, _ annotation: AnswerFile.Annotation?
    ) throws {
        guard let annotation, !annotation.answers.isEmpty else {
            throw Failure(
                .usage,
                "\(answers): question \(question.questionID) has no answers; give the "
                    + "annotations that belong to \(questions).")
        }
        let place = try places[question.imageID] ?? addPicture(question.imageID)
        pictures[place].questions.append(
            AnnotatedQuestion(
                id: question.questionID, text: question.question,
                answers: annotation.answers.map(\.answer),
                answerType: annotation.answerType ?? "",
                questionType: annotation.questionType ?? ""))
    }

    private mutating func addPicture(_ id: Identifier) throws -> Int {
        let found = find(id)
        guard found.count < 2 else {
            throw Failure(
                .usage,
                "Picture \(id) may be \(found[0].name) or \(found[1].name); give the folder of one "
                    + "part of the data set.")
        }
        let input = found.first ?? folder.missing(id)
        guard names.insert(input.name).inserted else {
            throw Failure(
                .usage,
                "\(questions): two pictures are \(input.name), one of them \(id); name each in "
                    + "one way.")
        }
        places[id] = pictures.count
        pictures.append(QuestionedPicture(id: id, input: input, questions: []))
        return pictures.count - 1
    }
}
