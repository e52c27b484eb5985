/// What becomes of a chat's question that is longer than the model reads.
package enum LongPrompts: String, Sendable, CaseIterable {
    /// The picture is captioned, and the answer tells so.
    case caption
    /// The request is refused.
    case refuse
}
