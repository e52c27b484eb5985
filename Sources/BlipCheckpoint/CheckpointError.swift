public import Foundation

/// Why a checkpoint cannot be read: one sentence that names the file, what is wrong with it and
/// what to do next.
///
/// Compare ``code`` to tell causes apart; codes are open, so that a new one breaks nobody.
public struct CheckpointError: Error, Sendable, Hashable {
    /// A cause. See the static members; more may come.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The cause in one word, for logs and tests.
        public let name: String

        init(_ name: String) {
            self.name = name
        }

        public var description: String { name }
    }

    /// The cause.
    public let code: Code
    /// The file, as it is named in its folder.
    public let file: String
    /// What is wrong, without the file's name.
    public let problem: String
    /// What to do about it.
    public let remedy: String

    init(
        _ code: Code, file: String, _ problem: String, remedy: String = Remedy.download
    ) {
        self.code = code
        self.file = file.quotable
        self.problem = problem
        self.remedy = remedy
    }
}

extension CheckpointError: CustomStringConvertible, LocalizedError {
    public var description: String { "\(file): \(problem); \(remedy)." }
    public var errorDescription: String? { description }
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
