/// A picture's caption, and those that people gave it.
public struct CaptionCase: Sendable, Hashable {
    /// The caption that is scored.
    public var candidate: String
    /// What people wrote, one or more; COCO has five a picture.
    public var references: [String]

    /// - Parameters:
    ///   - candidate: the caption that is scored.
    ///   - references: what people wrote, one or more.
    public init(candidate: String, references: [String]) {
        self.candidate = candidate
        self.references = references
    }
}

/// A ``CaptionCase`` whose texts are tokens.
public struct TokenizedCase: Sendable, Hashable {
    /// The tokens of the caption that is scored.
    public var candidate: [String]
    /// The tokens of each reference.
    public var references: [[String]]

    /// - Parameters:
    ///   - candidate: the tokens of the caption that is scored.
    ///   - references: the tokens of each reference.
    public init(candidate: [String], references: [[String]]) {
        self.candidate = candidate
        self.references = references
    }

    /// Tokenizes a case.
    public init(_ texts: CaptionCase) {
        candidate = PTBTokenizer.tokens(of: texts.candidate)
        references = texts.references.map { PTBTokenizer.tokens(of: $0) }
    }
}
