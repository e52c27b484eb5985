/// One message of a chat, in whichever protocol.
struct ChatMessage: Sendable {
    let role: String
    let text: String
    /// Base64 or URLs, as they stand there.
    let pictures: [String]
}
