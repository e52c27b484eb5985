/// What an index run did, in files.
public struct IndexSummary: Sendable, Hashable, Codable {
    /// Files that the library did not have; copies of pictures that it had are among them.
    public var added = 0
    /// Of those added, copies, which cost no inference.
    package var copied = 0
    /// Files whose bytes are others than before, and those that another model saw again.
    public var changed = 0
    /// Files that are as they were.
    public var unchanged = 0
    /// Files that were moved or renamed, which costs no inference.
    public var moved = 0
    /// Files that are gone.
    public var removed = 0
    /// Files that could not be read.
    public var failed = 0

    /// Nothing was done yet.
    package init() {}

    /// Whether the library is as it was.
    package var isUnchanged: Bool { added + changed + moved + removed == 0 }
}

/// What an index run tells while it goes on.
public enum IndexEvent: Sendable {
    /// How many files there are to be looked into.
    case found(Int)
    /// Some of them are done, and kept whatever happens.
    case kept(Int)
    /// A file could not be read: its path as it is printed, and a sentence.
    case failed(file: String, message: String)
    /// What is good to know, in a sentence.
    case note(String)
}

extension IndexSummary {
    static func + (first: IndexSummary, second: IndexSummary) -> IndexSummary {
        var sum = IndexSummary()
        sum.added = first.added + second.added
        sum.copied = first.copied + second.copied
        sum.changed = first.changed + second.changed
        sum.unchanged = first.unchanged + second.unchanged
        sum.moved = first.moved + second.moved
        sum.removed = first.removed + second.removed
        sum.failed = first.failed + second.failed
        return sum
    }
}
