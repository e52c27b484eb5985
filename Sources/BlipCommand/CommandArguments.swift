import BlipCommandSupport
import BlipPictures
import Foundation

/// The words that the program was started with, as its parser can take them.
enum CommandArguments {
    /// Without the program's name; bytes that are not UTF-8 as ``RawPath/argument`` has them.
    static var asGiven: [String] {
        CommandLine.unsafeArgv.readStrings(count: Int(CommandLine.argc)).dropFirst()
            .map { RawPath(bytes: $0).argument }
    }

    /// Takes `watch teach` for one word: the parser would take the second for what is watched.
    static func joiningCommands(_ arguments: [String]) -> [String] {
        arguments.starts(with: ["watch", "teach"])
            ? ["watch-teach"] + arguments.dropFirst(2) : arguments
    }

    /// Tells options from files whose names begin with a dash, such as a folder's `*` gives: the parser would
    /// take each letter for a flag, and an h for a call for help.
    ///
    /// - Throws: ``Failure`` for a word that is neither.
    static func separatingFiles(_ arguments: [String]) throws(Failure) -> [String] {
        // What completes words in a shell has its own.
        if arguments.first?.hasPrefix("---") == true { return arguments }
        let options = arguments.prefix { $0 != "--" }
        var words: [String] = []
        for word in options {
            guard mayBeFile(word) else {
                words.append(word)
                continue
            }
            if RawPath(argument: word).status != nil {
                words.append("./\(word)")
            } else if word.hasPrefix("--") {
                words.append(word)
            } else {
                throw Failure(
                    .usage,
                    "\"\(word)\" is no option and no file; write -- before words that begin with a "
                        + "dash, or --name=WORD where one belongs to an option.")
            }
        }
        return words + arguments.dropFirst(options.count)
    }

    /// Whether a word can be no option: those have one letter after a dash, or a name without a dot after
    /// two. Numbers are options' values.
    private static func mayBeFile(_ word: String) -> Bool {
        guard word.hasPrefix("-"), word.count > 2, Double(word) == nil else { return false }
        return !word.hasPrefix("--") || word.prefix { $0 != "=" }.contains(".")
    }
}

extension UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
    /// The bytes of C strings.
    fileprivate func readStrings(count: Int) -> [[UInt8]] {
        (0..<count).compactMap { index in
            self[index].map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
        }
    }
}
