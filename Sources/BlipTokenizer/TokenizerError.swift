public import Foundation

/// Why a tokenizer could not be made. Encoding and decoding never fail.
public struct TokenizerError: Error, Sendable, Equatable {
    /// What kind of fault it is; later versions may add kinds.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private let name: String
        public var description: String { name }

        /// The folder has neither tokenizer.json nor vocab.txt.
        public static let missingFile = Code(name: "missingFile")
        /// A file is there and cannot be read.
        public static let unreadableFile = Code(name: "unreadableFile")
        /// A file is not JSON or UTF-8, or a field has the wrong type.
        public static let malformedFile = Code(name: "malformedFile")
        /// The file describes a tokenizer of another kind than BERT's.
        public static let unsupported = Code(name: "unsupported")
        /// There are no tokens, the same token or id is there twice, or an id is left out.
        public static let invalidVocabulary = Code(name: "invalidVocabulary")
        /// The vocabulary lacks a special token that BERT needs.
        public static let missingSpecialToken = Code(name: "missingSpecialToken")
    }

    /// What kind of fault it is.
    public let code: Code
    /// One sentence: the file, what is wrong with it, and what to do.
    public let message: String
}

extension TokenizerError: CustomStringConvertible, LocalizedError {
    public var description: String { message }
    public var errorDescription: String? { message }
}
