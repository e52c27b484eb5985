import BLIP
import Foundation

/// What a chat asks of its pictures: BLIP keeps no conversation, so the last words are all that count.
struct ChatTask: Sendable {
    enum Kind: Sendable, Hashable {
        case caption
        case question(String)
    }

    let pictures: [PictureInput]
    let kind: Kind
    let options: GenerationOptions

    /// - Parameters:
    ///   - messages: the whole chat. What users said since the model last spoke is one turn: its last
    ///     words count, about its pictures or those of the last turn that has any. No words, or those
    ///     that ask for a description, ask for a caption.
    ///   - options: how the text is generated.
    init(_ messages: [ChatMessage], options: GenerationOptions) throws(ServiceError) {
        let turns = messages.split { $0.role == "assistant" }
            .map { $0.filter { $0.role == "user" } }.filter { !$0.isEmpty }
        guard let turn = turns.last else {
            throw .invalid("There is no message of the role user; send the picture in one")
        }
        let text = (turn.last { !$0.text.isBlank }?.text ?? "")
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard let pictures = turns.map({ $0.flatMap(\.pictures) }).last(where: { !$0.isEmpty })
        else {
            throw .invalid(
                "There is no picture in the messages, and this model only talks about pictures; "
                    + "send one with the question")
        }
        try validate(texts: text.isEmpty ? [] : [text], "messages")
        kind = Self.asksForDescription(text) ? .caption : .question(text)
        self.options = options
        self.pictures = try PictureInput.list(base64: pictures)
    }

    /// Whether the words ask for a description and not for something about the picture.
    static func asksForDescription(_ text: String) -> Bool {
        let words = text.lowercased().split { !$0.isLetter }
        guard let first = words.first else { return true }
        guard !questionWords.contains(first) else { return false }
        // Courtesies may come before it.
        return words.prefix(8).contains("describe")
            || words.contains { ["caption", "captions", "description"].contains($0) }
    }

    private static let questionWords: Set<Substring> = [
        "what", "which", "who", "whose", "where", "when", "why", "how", "is", "are", "was", "were",
        "does", "do", "did", "has", "have",
    ]
}
