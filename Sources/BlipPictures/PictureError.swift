public import BlipErrors

/// Why a picture could not be read, prepared, drawn on or written.
///
/// Printed, it is one sentence that names the picture, says what is wrong and what to do next.
public struct PictureError: DescribedError {
    /// The kind of failure, for programs to branch on. More may be added.
    public struct Code: ErrorCode {
        /// The code's name, stable between releases.
        public let rawValue: String
        /// Makes a code of its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// There is no such file.
        public static let missingFile = Code(rawValue: "missingFile")
        /// The path names a folder.
        public static let isFolder = Code(rawValue: "isFolder")
        /// The file exists and cannot be read.
        public static let unreadableFile = Code(rawValue: "unreadableFile")
        /// There are no bytes.
        public static let empty = Code(rawValue: "empty")
        /// The bytes are not JPEG, PNG, WebP, GIF or TIFF.
        public static let unknownFormat = Code(rawValue: "unknownFormat")
        /// The header, or the pixels, break their format's rules.
        public static let damaged = Code(rawValue: "damaged")
        /// The pixels end early.
        public static let truncated = Code(rawValue: "truncated")
        /// More pixels or bytes than the limit allows.
        public static let tooLarge = Code(rawValue: "tooLarge")
        /// A kind of pixel that has no plain RGB meaning, such as 32-bit floats, or a form of a format
        /// that is not read, such as a 12-bit JPEG.
        public static let unsupportedPixels = Code(rawValue: "unsupportedPixels")
        /// A size, filter or mean that no preprocessing can have.
        package static let invalidPreprocessing = Code(rawValue: "invalidPreprocessing")
        /// Text could not be drawn.
        package static let textFailed = Code(rawValue: "textFailed")
        /// The file extension names no format that can be written.
        package static let unknownExtension = Code(rawValue: "unknownExtension")
        /// The file could not be written.
        public static let unwritableFile = Code(rawValue: "unwritableFile")
        /// libvips itself could not start or ran out of memory.
        public static let libraryFailed = Code(rawValue: "libraryFailed")
    }

    /// The kind of failure.
    public let code: Code
    /// The whole sentence.
    public let message: String
    /// What libvips said, for a bug report; may be empty. libvips keeps one error text for the
    /// whole process, so with several pictures failing at once it may tell of another one.
    public let detail: String

    package init(_ code: Code, _ message: String, detail: String = "") {
        self.code = code
        self.message = message
        self.detail = detail
    }
}
