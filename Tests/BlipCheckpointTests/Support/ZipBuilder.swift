/// Writes zip archives, also broken ones.
struct ZipBuilder {
    struct Entry {
        var name: String
        var content: [UInt8]
        var method: UInt16 = 0
        var flags: UInt16 = 0
        /// What the directory says; by default the truth.
        var size: UInt32?
        var offset: UInt32?
        var localName: String?
        /// Leaves the sizes out of the header at the entry and writes them after the data.
        var hasDescriptor = false
        /// Puts the directory's numbers into a zip64 field.
        var isWide = false
    }

    var entries: [Entry]
    var comment: [UInt8] = []
    var hasWideEnd = false
    /// What the end record says; by default the truth.
    var entryCount: UInt16?
    var directoryOffset: UInt32?

    func bytes() -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            directory += directoryHeader(entry, at: file.count)
            file += localHeader(entry) + entry.content
            if entry.hasDescriptor {
                let count = UInt32(entry.content.count)
                file += UInt32(0x0807_4B50).bytes + UInt32(0).bytes + count.bytes + count.bytes
            }
        }
        let start = file.count
        file += directory
        if hasWideEnd { file += wideEnd(start: start, length: directory.count, end: file.count) }
        let wide = UInt32.max
        let count = entryCount ?? (hasWideEnd ? .max : UInt16(entries.count))
        file += UInt32(0x0605_4B50).bytes + UInt32(0).bytes + count.bytes + count.bytes
        file += (hasWideEnd ? wide : UInt32(directory.count)).bytes
        file += (directoryOffset ?? (hasWideEnd ? wide : UInt32(start))).bytes
        return file + UInt16(comment.count).bytes + comment
    }

    private func localHeader(_ entry: Entry) -> [UInt8] {
        let name = Array((entry.localName ?? entry.name).utf8)
        let size = entry.hasDescriptor ? 0 : UInt32(entry.content.count)
        return UInt32(0x0403_4B50).bytes + UInt16(0).bytes + entry.flags.bytes + entry.method.bytes
            + UInt64(0).bytes + size.bytes + size.bytes + UInt16(name.count).bytes
            + UInt16(0).bytes + name
    }

    private func directoryHeader(_ entry: Entry, at position: Int) -> [UInt8] {
        let name = Array(entry.name.utf8)
        let size = entry.size ?? UInt32(entry.content.count)
        let offset = entry.offset ?? UInt32(position)
        let extra =
            entry.isWide
            ? UInt16(1).bytes + UInt16(24).bytes + UInt64(size).bytes + UInt64(size).bytes
                + UInt64(offset).bytes : []
        let shown = entry.isWide ? UInt32.max : size
        return UInt32(0x0201_4B50).bytes + UInt32(0).bytes + entry.flags.bytes + entry.method.bytes
            + UInt64(0).bytes + shown.bytes + shown.bytes + UInt16(name.count).bytes
            + UInt16(extra.count).bytes + UInt16(0).bytes + [UInt8](repeating: 0, count: 8)
            + (entry.isWide ? UInt32.max : offset).bytes + name + extra
    }

    private func wideEnd(start: Int, length: Int, end: Int) -> [UInt8] {
        let count = UInt64(entries.count)
        let record =
            UInt32(0x0606_4B50).bytes + UInt64(44).bytes + UInt32(0).bytes + UInt64(0).bytes
            + count.bytes + count.bytes + UInt64(length).bytes + UInt64(start).bytes
        return record + UInt32(0x0706_4B50).bytes + UInt32(0).bytes + UInt64(end).bytes
            + UInt32(1).bytes
    }
}

extension ZipBuilder {
    /// An archive as torch.save lays it out.
    init(pickle: [UInt8], storages: [String: [UInt8]] = [:]) {
        entries = [Entry(name: "archive/data.pkl", content: pickle)]
        for (key, content) in storages.sorted(by: { $0.key < $1.key }) {
            entries.append(Entry(name: "archive/data/\(key)", content: content))
        }
    }
}
