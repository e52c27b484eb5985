/// A picture's caption, and those that people gave it.
package struct CaptionCase: Sendable, Hashable {
    /// The caption that is scored.
    package var candidate: String
    /// What people wrote, one or more; COCO has five a picture.
    package var references: [String]

    /// - Parameters:
    ///   - candidate: the caption that is scored.
    ///   - references: what people wrote, one or more.
    package init(candidate: String, references: [String]) {
        self.candidate = candidate
        self.references = references
    }
}

/// A ``CaptionCase`` whose texts are tokens.
package struct TokenizedCase: Sendable, Hashable {
    /// The tokens of the caption that is scored.
    package var candidate: [String]
    /// The tokens of each reference.
    package var references: [[String]]

    /// - Parameters:
    ///   - candidate: the tokens of the caption that is scored.
    ///   - references: the tokens of each reference.
    package init(candidate: [String], references: [[String]]) {
        self.candidate = candidate
        self.references = references
    }

    /// Tokenizes a case.
    package init(_ texts: CaptionCase) {
        candidate = PTBTokenizer.tokens(of: texts.candidate)
        references = texts.references.map { PTBTokenizer.tokens(of: $0) }
    }
}
