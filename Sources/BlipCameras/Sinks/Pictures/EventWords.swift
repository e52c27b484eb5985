import BlipPictures

/// What is written under the picture of an event.
enum EventWords {
    static func annotation(of event: CameraEvent, title: String, camera: String) -> Annotation {
        var likely = ""
        if let probability = event.probability {
            likely = ", \(Int((100 * probability).rounded())) %"
        }
        var lines: [Annotation.Line] = []
        if let question = event.question {
            lines.append(.init(question: question, answer: event.state + likely))
        }
        let before = event.previous.map { ", before: \($0)" } ?? ""
        lines.append(.init(question: "\(camera)\(before)", answer: event.time.eventTime))
        return Annotation(title: "\(title): \(event.state)", lines: lines)
    }
}
