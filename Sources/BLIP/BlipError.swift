public import BlipErrors

/// What can go wrong with a BLIP model, apart from pictures, checkpoint files and the runtime,
/// whose libraries have errors of their own.
public struct BlipError: DescribedError {
    /// The kind of error; new kinds may be added.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// There is no such file or folder.
        public static let missingModel = Code(rawValue: "missingModel")
        /// `config.json` is missing, unreadable, or describes another kind of model.
        public static let invalidConfiguration = Code(rawValue: "invalidConfiguration")
        /// A tensor that the model needs is not in the checkpoint.
        public static let missingTensor = Code(rawValue: "missingTensor")
        /// A tensor has another shape or type than the configuration says.
        public static let wrongTensor = Code(rawValue: "wrongTensor")
        /// The checkpoint cannot do what was asked, such as answering with a captioning model.
        public static let taskUnavailable = Code(rawValue: "taskUnavailable")
        /// A generation option is out of its range.
        public static let invalidOption = Code(rawValue: "invalidOption")
        /// A prompt or question has more tokens than the model can read.
        public static let textTooLong = Code(rawValue: "textTooLong")
        /// The machine has no such device.
        public static let unknownDevice = Code(rawValue: "unknownDevice")
        /// The device computed what is no number.
        public static let notNumbers = Code(rawValue: "notNumbers")
        /// A kept picture is no such thing, is damaged, or was encoded with other weights.
        public static let invalidImage = Code(rawValue: "invalidImage")
        /// A result cannot be written.
        public static let unwritable = Code(rawValue: "unwritable")
    }

    /// What kind of error it is.
    public let code: Code
    /// One sentence: what is wrong with what, and what to do.
    public let message: String

    /// - Parameters:
    ///   - code: the kind of error.
    ///   - message: one sentence: what is wrong with what, and what to do.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension BlipError {
    static let notNumbers = BlipError(
        .notNumbers,
        "The device computed what is no number; choose another --precision or --device, and let blip doctor "
            + "examine it")
}
