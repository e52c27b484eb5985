/// The name of a model repository, `OWNER/NAME`.
public struct RepositoryName: Sendable, Hashable, CustomStringConvertible {
    /// The name, as it was given: `OWNER/NAME`.
    public let description: String

    /// - Throws: ``HubError`` for a name that no repository can have.
    public init(_ name: String) throws(HubError) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ Self.isPart($0) }), name.utf8.count <= 96 else {
            throw HubError(
                .invalidName,
                "\"\(name.printable)\" is no repository's name; one is OWNER/NAME, such as "
                    + "Salesforce/blip-vqa-base")
        }
        description = name
    }

    /// The folder's name in the cache.
    var folderName: String { "models--" + description.replacing("/", with: "--") }

    /// The name that a folder of the cache stands for, or `nil`.
    init?(folderName: String) {
        guard folderName.hasPrefix("models--") else { return nil }
        let parts = folderName.dropFirst("models--".count).split(
            separator: "--", omittingEmptySubsequences: false)
        guard let name = try? RepositoryName(parts.joined(separator: "/")) else { return nil }
        self = name
    }

    /// Letters, digits, `-`, `_` and `.`, as the hub allows them; no `..` and no `--`, which the
    /// cache's folders are named with.
    private static func isPart(_ part: Substring) -> Bool {
        !part.isEmpty && !part.contains("..") && !part.contains("--") && !part.hasPrefix(".")
            && !part.hasPrefix("-")
            && part.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains($0)
            }
    }
}

/// Names that come from the hub or the command line and become paths.
enum SafeName {
    /// A branch, a tag or a commit.
    static func checkRevision(_ revision: String) throws(HubError) {
        guard isPath(revision), revision.utf8.count <= 200 else {
            throw HubError(
                .invalidName,
                "\"\(revision.printable)\" is no revision; give a branch, a tag or a commit")
        }
    }

    /// Whether a relative path stays below where it begins.
    static func isPath(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return !path.isEmpty && path.utf8.count <= 1_000
            && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
            && path.unicodeScalars.allSatisfy {
                $0.value >= 32 && $0.value != 127 && $0 != "\\" && $0 != ":"
            }
    }

    /// 40 or 64 hexadecimal digits: a commit, or the name of a blob.
    static func isHash(_ text: String) -> Bool {
        [40, 64].contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}

extension String {
    /// Cut and freed of control characters, for messages.
    var printable: String {
        let clean = unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : String($0) }
        return String(clean.joined().prefix(100))
    }

    /// As a shell takes it for one word, for commands in messages: it may be anybody's name for a file.
    var shellWord: String { "'\(printable.replacing("'", with: #"'\''"#))'" }
}
