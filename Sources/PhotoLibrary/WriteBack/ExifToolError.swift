import BlipErrors

/// Why exiftool could not be run, in one sentence.
package struct ExifToolError: DescribedError {
    package enum Code: Sendable {
        /// There is no such program.
        case missing
        /// It ended, or was ended since it took too long.
        case ended
        /// It refused.
        case failed
    }

    package let code: Code
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package static let missing = ExifToolError(
        .missing,
        "exiftool is not installed, and it reads and writes the words in pictures; get it by apt-get install "
            + "libimage-exiftool-perl, brew install exiftool, or from exiftool.org.")

    static let ended = ExifToolError(
        .ended,
        "exiftool ended before it was done; try again, and see whether exiftool -ver answers.")
}
