import Foundation

/// Readers of foreign files as functions of bytes: the fuzzers (Fuzz/) and the mutation tests call
/// these.
///
/// They may throw ``EvaluationError``, must not trap, and return whether what was accepted is what
/// the types promise.
enum AnnotationFuzzTarget {
    static func captions(_ json: UnsafeRawBufferPointer) throws(EvaluationError) -> Bool {
        let pictures = try CaptionAnnotations(json: Data(json), name: "fuzzed").pictures
        return !pictures.isEmpty && pictures.allSatisfy { !$0.captions.isEmpty }
            && Set(pictures.map(\.id)).count == pictures.count
            && Set(pictures.map(\.fileName)).count == pictures.count
    }

    /// - Parameter files: the questions, a zero byte, and the answers.
    static func questions(_ files: UnsafeRawBufferPointer) throws(EvaluationError) -> Bool {
        let end = files.firstIndex(of: 0) ?? files.endIndex
        let questions = try QuestionAnnotations(
            questions: Data(files[..<end]), answers: Data(files[end...].dropFirst()),
            questionsName: "questions", answersName: "answers"
        ).questions
        return !questions.isEmpty && questions.allSatisfy { !$0.answers.isEmpty }
            && Set(questions.map(\.id)).count == questions.count
    }
}
