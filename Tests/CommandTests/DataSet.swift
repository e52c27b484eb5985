import Foundation

/// The samples as a data set, with captions and questions.
final class DataSet {
    /// A line of the results of `blip eval vqa`.
    struct Answer: Decodable {
        let questionID: Int
        let answer: String

        enum CodingKeys: String, CodingKey {
            case questionID = "question_id"
            case answer
        }
    }

    let folder: TemporaryFolder
    var pictures: String { folder.path("pictures") }
    var captions: String { folder.path("captions.json") }
    /// Some of the pictures, named by number.
    var numbered: String { folder.path("numbered") }
    var questions: String { folder.path("questions.json") }
    var answers: String { folder.path("answers.json") }

    init() throws {
        folder = try TemporaryFolder()
        let files = FileManager.default
        let samples = Repository.root.appending(path: "Samples").path
        for name in ["pictures", "numbered"] {
            try files.createDirectory(
                at: folder.url.appending(path: name), withIntermediateDirectories: true)
        }
        let captioned: [(String, [String])] = [
            ("car-above-star.png", ["A car above a star.", "a star"]),
            ("elephant-and-cow.png", ["an elephant left of a cow"]),
            ("four-dogs.png", ["four dogs on a green background"]),
            ("three-pigs.png", ["three pigs on a blue background"]),
        ]
        for (name, _) in captioned {
            try files.copyItem(atPath: "\(samples)/\(name)", toPath: "\(pictures)/\(name)")
        }
        try Self.write(
            [
                "images": captioned.enumerated().map {
                    ["id": $0.offset, "file_name": $0.element.0] as [String: Any]
                },
                "annotations": captioned.enumerated().flatMap { picture in
                    picture.element.1.map {
                        ["image_id": picture.offset, "caption": $0] as [String: Any]
                    }
                },
            ], to: captions)

        for (name, number) in [
            ("car-above-star.png", "COCO_val2014_000000000001.png"), ("four-dogs.png", "0003.png"),
            ("three-pigs.png", "7.png"),
        ] {
            try files.copyItem(atPath: "\(samples)/\(name)", toPath: "\(numbered)/\(number)")
        }
        let asked: [(id: Int, image: Int, text: String, answer: String, number: Bool)] = [
            (10, 1, "is there a dog?", "no", false), (11, 1, "is there a star?", "yes", false),
            (12, 3, "how many dogs are there?", "four", true),
            (13, 7, "how many pigs are there?", "3", true),
            (14, 7, "is there a pig?", "Yes.", false),
        ]
        try Self.write(
            [
                "questions": asked.map {
                    ["question_id": $0.id, "image_id": $0.image, "question": $0.text]
                        as [String: Any]
                }
            ], to: questions)
        try Self.write(
            [
                "annotations": asked.map { question in
                    [
                        "question_id": question.id, "image_id": question.image,
                        "answer_type": question.number ? "number" : "yes/no",
                        "question_type": question.number ? "how many" : "is there",
                        "answers": (1...10).map {
                            ["answer_id": $0, "answer": $0 == 10 ? "x" : question.answer]
                                as [String: Any]
                        },
                    ] as [String: Any]
                }
            ], to: answers)
    }

    private static func write(_ object: [String: Any], to path: String) throws {
        try JSONSerialization.data(withJSONObject: object).write(to: URL(filePath: path))
    }
}
