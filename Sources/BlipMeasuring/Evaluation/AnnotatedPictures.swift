import BlipCommandSupport
import BlipEvaluation
import Foundation

/// A picture with what people wrote of it.
struct CaptionedPicture {
    let id: DataSetID
    let input: ImageInput
    let captions: [String]
}

/// A picture with questions about it.
struct QuestionedPicture {
    let id: DataSetID
    let input: ImageInput
    var questions: [QuestionAnnotations.Question]
}

extension PictureFolder {
    /// The pictures of a file of captions, in its order.
    func captioned(_ path: String) throws -> [CaptionedPicture] {
        let annotations = try CaptionAnnotations(json: Self.contents(path), name: path)
        let without = annotations.pictureCountWithoutCaptions
        if without > 0 {
            Terminal.note("\(path): \(without) of the pictures have no captions and are left out.")
        }
        return try annotations.pictures.map {
            CaptionedPicture(
                id: $0.id, input: try picture(named: $0.fileName, in: path), captions: $0.captions)
        }
    }

    /// The pictures of a file of questions, in the order of their first question.
    func questioned(_ questions: String, answers: String) throws -> [QuestionedPicture] {
        let annotations = try QuestionAnnotations(
            questions: Self.contents(questions), answers: Self.contents(answers),
            questionsName: questions, answersName: answers)
        let find = byNumber()
        var pictures: [QuestionedPicture] = []
        var places: [DataSetID: Int] = [:]
        var names: Set<String> = []
        for question in annotations.questions {
            let id = question.imageID
            if let place = places[id] {
                pictures[place].questions.append(question)
                continue
            }
            let found = find(id)
            guard found.count < 2 else {
                throw Failure(
                    .usage,
                    "Picture \(id) may be \(found[0].name) or \(found[1].name); give the folder of "
                        + "one part of the data set.")
            }
            let input = found.first ?? missing(id)
            guard names.insert(input.name).inserted else {
                throw Failure(
                    .usage,
                    "\(questions): two pictures are \(input.name), one of them \(id); name each in "
                        + "one way.")
            }
            places[id] = pictures.count
            pictures.append(QuestionedPicture(id: id, input: input, questions: [question]))
        }
        return pictures
    }

    private static func contents(_ path: String) throws -> Data {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw Failure(.usage, "\(path) cannot be read; give the data set's JSON file.")
        }
        return data
    }
}
