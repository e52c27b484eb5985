import BlipErrors

/// Why a tokenizer could not be made. Encoding and decoding never fail.
package struct TokenizerError: DescribedError {
    /// What kind of fault it is; later versions may add kinds.
    package struct Code: ErrorCode {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The folder has neither tokenizer.json nor vocab.txt.
        package static let missingFile = Code(rawValue: "missingFile")
        /// A file is there and cannot be read.
        package static let unreadableFile = Code(rawValue: "unreadableFile")
        /// A file is not JSON or UTF-8, or a field has the wrong type.
        package static let malformedFile = Code(rawValue: "malformedFile")
        /// The file describes a tokenizer of another kind than BERT's.
        package static let unsupported = Code(rawValue: "unsupported")
        /// There are no tokens, the same token or id is there twice, or an id is left out.
        package static let invalidVocabulary = Code(rawValue: "invalidVocabulary")
        /// The vocabulary lacks a special token that BERT needs.
        package static let missingSpecialToken = Code(rawValue: "missingSpecialToken")
    }

    /// What kind of fault it is.
    package let code: Code
    /// One sentence: the file, what is wrong with it, and what to do.
    package let message: String
}
