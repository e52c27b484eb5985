import BLIP
import Foundation

/// What a chat asks of its pictures: BLIP keeps no conversation, so the last turn is all that counts.
struct ChatTask: Sendable {
    let pictures: [PictureInput]
    /// All that the user said in the last turn.
    let prompt: String
    /// All that the system says.
    let system: String
    let understanding: Understanding
    let format: AnswerFormat
    /// Before the first of these a text ends.
    let stop: [String]
    let options: GenerationOptions

    /// - Parameters:
    ///   - messages: the whole chat. What users said since the model last spoke is one turn, about its
    ///     pictures or those of the last turn that has any. The system's messages count where the turn
    ///     asks for nothing.
    ///   - format: the form of the answer.
    ///   - options: how the text is generated.
    init(
        _ messages: [ChatMessage], format: AnswerFormat = .text, stop: [String] = [],
        options: GenerationOptions
    ) throws(ServiceError) {
        let turns = messages.split { $0.role == "assistant" }
            .map { $0.filter { $0.role == "user" } }.filter { !$0.isEmpty }
        guard let turn = turns.last else {
            throw .invalid("There is no message of the role user; send the picture in one")
        }
        let system = messages.filter { ["system", "developer"].contains($0.role) }
        let prompt = try Self.text(of: turn)
        self.system = try Self.text(of: system)
        let understanding = Understanding(prompt, system: self.system)
        let pictures = turns.map { $0.flatMap(\.pictures) }.last { !$0.isEmpty } ?? []
        let greets = understanding.wish == .greeting && format == .text
        guard !pictures.isEmpty || greets else {
            throw .invalid(
                "There is no picture in the messages, and this model only talks about pictures; "
                    + "send one with the question")
        }
        guard options.sequenceCount == 1 || format == .text else {
            throw .invalid("n must be 1 where a schema, function or choice is given; leave it out")
        }
        guard stop.count <= Limits.stops, stop.allSatisfy({ !$0.isEmpty }) else {
            throw .invalid("stop may have \(Limits.stops) texts, none of them empty; send fewer")
        }
        self.prompt = prompt
        self.understanding =
            pictures.isEmpty || understanding.wish != .greeting
            ? understanding : Understanding(.caption, .noWords)
        self.format = format
        self.stop = stop
        self.options = options
        self.pictures = pictures.isEmpty ? [] : try PictureInput.list(base64: pictures)
    }

    private static func text(of messages: [ChatMessage]) throws(ServiceError) -> String {
        let text = messages.map(\.text).filter { !$0.isBlank }.joined(separator: "\n")
        guard text.utf8.count <= Limits.promptBytes else {
            throw ServiceError(
                .badRequest, "text_too_long",
                "The messages are too long; send at most \(Limits.promptBytes >> 10) KiB")
        }
        return text
    }
}
