import BlipErrors

/// Why a checkpoint cannot be read: one sentence that names the file, what is wrong with it and
/// what to do next.
///
/// Compare ``code`` to tell causes apart; codes are open, so that a new one breaks nobody.
package struct CheckpointError: DescribedError {
    /// A cause. See the static members; more may come.
    package struct Code: ErrorCode {
        /// The cause in one word, for logs and tests.
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
    }

    /// The cause.
    package let code: Code
    /// The file, as it is named in its folder.
    package let file: String
    /// What is wrong, without the file's name.
    package let problem: String
    /// What to do about it.
    package let remedy: String
    package var message: String { "\(file): \(problem); \(remedy)." }

    init(
        _ code: Code, file: String, _ problem: String, remedy: String = Remedy.download
    ) {
        self.code = code
        self.file = file.quotable
        self.problem = problem
        self.remedy = remedy
    }
}

/// What a message advises.
enum Remedy {
    static let download = "download it again"
    static let save = "save it again with a current version of the library that wrote it"
    /// For a model that was saved whole, classes and all.
    static let stateDictionary = "save the model's state_dict() in it, and not the model itself"
    static let untrusted = "do not trust this file, and get it from its authors"
}

extension String {
    /// Foreign text made fit for one line of a message: short, without control characters.
    package var quotable: String {
        let limit = 200
        var text = String.UnicodeScalarView()
        for (index, scalar) in unicodeScalars.enumerated() {
            if index == limit {
                text.append("…")
                break
            }
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            text.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(text)
    }
}

extension BinaryInteger {
    /// The number with commas between its thousands, as messages show it.
    var grouped: String {
        let digits = String(magnitude)
        var text = self < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }
}
