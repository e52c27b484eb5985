/// The entries of a zip archive (PKWARE's APPNOTE.TXT 6.3), for reading them where they lie.
///
/// Every entry must be stored without compression and encryption, lie inside the file and before
/// the directory, share no byte with another, and have a name of its own that is the same in the
/// directory and at the entry. Checksums are not computed: that would read the whole file.
struct ZipDirectory {
    struct Entry {
        let name: String
        /// Where its header begins in the file.
        let headerOffset: Int
        /// Where its bytes begin in the file.
        let offset: Int
        let byteCount: Int
    }

    /// A checkpoint has an entry for each tensor and a few more.
    static let maximumEntryCount = 1 << 17

    let entries: [Entry]

    static func parse(_ bytes: ByteView, file: String) throws(CheckpointError) -> Self {
        let end = try ZipEndRecord.find(in: bytes, file: file)
        var entries: [Entry] = []
        var names: Set<String> = []
        var position = end.directoryOffset
        let reader = ZipEntryReader(bytes: bytes, file: file, end: end)
        for _ in 0..<end.entryCount {
            let entry = try reader.entry(at: &position)
            guard names.insert(entry.name).inserted else {
                throw CheckpointError(
                    .duplicateName, file: file,
                    "the zip archive has \"\(entry.name.quotable)\" twice",
                    remedy: Remedy.untrusted)
            }
            entries.append(entry)
        }
        try checkOverlap(entries, file: file)
        return Self(entries: entries)
    }

    private static func checkOverlap(
        _ entries: [Entry], file: String
    ) throws(CheckpointError) {
        let ordered = entries.sorted { $0.headerOffset < $1.headerOffset }
        for (previous, next) in zip(ordered, ordered.dropFirst())
        where next.headerOffset < previous.offset + previous.byteCount {
            throw CheckpointError(
                .zipEntriesOverlap, file: file,
                "the zip entries \"\(previous.name.quotable)\" and \"\(next.name.quotable)\" overlap",
                remedy: Remedy.untrusted)
        }
    }
}
