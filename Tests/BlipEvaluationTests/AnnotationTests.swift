import Foundation
import Testing

@testable import BlipEvaluation

@Suite("Data sets' files")
struct AnnotationTests {
    private let captions = """
        {"info": {"year": 2014}, "images": [{"id": 9, "file_name": "a.jpg", "width": 640},
        {"id": "b", "file_name": "b.jpg"}, {"id": 3, "file_name": "c.jpg"}], "annotations": [
        {"id": 1, "image_id": "9", "caption": "A dog."}, {"id": 2, "image_id": "b", "caption": ""},
        {"id": 3, "image_id": 9, "caption": "two \\u0064ogs"}]}
        """
    private let questions = """
        {"questions": [{"image_id": 42, "question": "what?", "question_id": 42000},
        {"image_id": 42, "question": "who?", "question_id": "x"}]}
        """
    private let answers = """
        {"annotations": [{"question_id": 42000, "answer_type": "other", "question_type": null,
        "answers": [{"answer": "net", "answer_id": 1}, {"answer": "nets"}]},
        {"question_id": "x", "answers": [{"answer": "me"}]}]}
        """

    @Test func captionsOfPictures() throws {
        let found = try CaptionAnnotations(json: Data(captions.utf8), name: "captions.json")
        #expect(found.pictures.map(\.fileName) == ["a.jpg", "b.jpg"])
        #expect(found.pictures.map(\.captions) == [["A dog.", "two dogs"], [""]])
        #expect(found.pictureCountWithoutCaptions == 1)
    }

    @Test func questionsWithAnswers() throws {
        let found = try QuestionAnnotations(
            questions: Data(questions.utf8), answers: Data(answers.utf8), questionsName: "q",
            answersName: "a"
        ).questions
        #expect(found.map(\.id) == [DataSetID("42000"), DataSetID("x")])
        #expect(found.map(\.answers) == [["net", "nets"], ["me"]])
        #expect(found.map(\.answerType) == ["other", ""])
    }

    @Test func identifiersKeepTheirKind() throws {
        let ids = try JSONDecoder().decode([DataSetID].self, from: Data(#"[7,"7","07"]"#.utf8))
        #expect(ids[0] == ids[1] && ids[0] != ids[2])
        #expect(String(decoding: try JSONEncoder().encode(ids), as: UTF8.self) == #"[7,7,"07"]"#)
    }

    /// The fuzz targets' bodies on the same mutated files in every run: they must not trap, and what
    /// is accepted must be what the types promise.
    @Test func mutatedFiles() {
        mutate(captions) { try AnnotationFuzzTarget.captions($0) }
        mutate(questions + "\0" + answers) { try AnnotationFuzzTarget.questions($0) }
    }

    private func mutate(_ sample: String, _ body: (UnsafeRawBufferPointer) throws -> Bool) {
        let original = Array(sample.utf8)
        var state: UInt32 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int(state >> 8) % max(1, bound)
        }
        var accepted = 0
        let times = 2000
        for _ in 0..<times {
            var bytes = original
            for _ in 0...next(3) {
                let (from, to) = (next(bytes.count), next(bytes.count))
                switch next(4) {
                case 0: bytes[from] ^= UInt8(1 << next(8))
                case 1: bytes[from] = bytes[to]
                case 2: bytes.remove(at: from)
                default: bytes.insert(contentsOf: bytes[min(from, to)..<max(from, to)], at: to)
                }
            }
            do {
                let isSound = try bytes.withUnsafeBytes(body)
                #expect(isSound, "\(String(decoding: bytes, as: UTF8.self))")
                accepted += 1
            } catch {
                #expect(error is EvaluationError)
            }
        }
        #expect(accepted > 0 && accepted < times, "\(accepted) of \(times) accepted")
    }
}
