import Foundation

/// Standard output and standard error, written through at once: whatever is finished when the
/// program is interrupted has been printed.
package enum Terminal {
    /// A result, on standard output.
    ///
    /// - Throws: ``Failure`` where it cannot be written: a result that is lost must not look like
    ///   success.
    package static func print(_ line: String) throws {
        try write(bytes: (line + "\n").utf8)
    }

    /// A result that is no text, such as a path as the system has it.
    package static func write(bytes: some Sequence<UInt8>) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(bytes))
        } catch {
            throw Failure(
                .cannotWrite,
                "Standard output cannot be written to; is the disk full, or the reader gone?")
        }
    }

    /// An error, on standard error.
    package static func complain(_ sentence: String) {
        write("blip: \(sentence)", to: .standardError)
    }

    /// What is good to know, on standard error.
    package static func note(_ line: String) {
        write(line, to: .standardError)
    }

    /// Asks whoever sits at a terminal; `false` where nobody does.
    package static func confirm(_ question: String) -> Bool {
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return false }
        overwriteLine("\(question) [y/N] ")
        return ["y", "yes"].contains(readLine()?.trimmingCharacters(in: .whitespaces).lowercased())
    }

    package static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes where the cursor is, without a new line.
    package static func overwriteLine(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K\(text)".utf8))
    }

    /// Writes lines in place of those above the cursor, which then is below them. Long ones are cut off by the terminal.
    static func overwriteLines(_ lines: some Sequence<String>, above count: Int) {
        let up = count > 0 ? "\u{1B}[\(count)A" : ""
        let text = lines.map { "\($0)\n" }.joined()
        let sequence = "\r\(up)\u{1B}[J\u{1B}[?7l\(text)\u{1B}[?7h"
        try? FileHandle.standardError.write(contentsOf: Data(sequence.utf8))
    }

    private static func write(_ line: String, to handle: FileHandle) {
        // There is nowhere to tell that standard error is gone.
        try? handle.write(contentsOf: Data((line + "\n").utf8))
    }
}
