public import BlipErrors

/// What can go wrong between the hub, the network and the cache.
public struct HubError: DescribedError {
    /// The kind of error; new kinds may be added.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A name or revision that no repository can have, or an environment variable's value that
        /// is none.
        public static let invalidName = Code(rawValue: "invalidName")
        /// The hub does not know the repository, the revision or a file.
        public static let notFound = Code(rawValue: "notFound")
        /// The repository wants a token, another one, or a licence that was not accepted.
        public static let unauthorized = Code(rawValue: "unauthorized")
        /// The hub answers with errors or not at all, also after several tries.
        public static let unavailable = Code(rawValue: "unavailable")
        /// What came is not what the hub promised: size, hash or form.
        public static let wrongContent = Code(rawValue: "wrongContent")
        /// The repository has no weights that are read here, or those of another model.
        public static let noWeights = Code(rawValue: "noWeights")
        /// Nothing may be fetched (`HF_HUB_OFFLINE`), and the cache does not have it.
        public static let offline = Code(rawValue: "offline")
        /// The cache cannot be read or written.
        public static let cacheFailed = Code(rawValue: "cacheFailed")
    }

    /// What kind of error it is.
    public let code: Code
    /// One sentence: what is wrong with what, and what to do.
    public let message: String

    /// - Parameters:
    ///   - code: the kind of error.
    ///   - message: one sentence: what is wrong with what, and what to do.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
