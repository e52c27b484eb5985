/// Where a zip archive's directory lies, from the record at the file's end and its 64-bit twin.
struct ZipEndRecord {
    let directoryOffset: Int
    let directoryLength: Int
    let entryCount: Int

    private static let length = 22
    private static let locatorLength = 20
    private static let length64 = 56

    static func find(in bytes: ByteView, file: String) throws(CheckpointError) -> Self {
        guard let position = position(in: bytes) else {
            throw CheckpointError(
                .zipDirectoryMissing, file: file,
                "begins as a zip archive but has no directory at its end, so a part is missing")
        }
        let record = narrow(bytes, position) ?? wide(bytes, position)
        guard let record,
            record.directoryOffset >= 0, record.directoryLength >= 0, record.entryCount >= 0,
            record.directoryOffset <= position,
            record.directoryLength <= position - record.directoryOffset
        else {
            throw CheckpointError(
                .zipDirectoryInvalid, file: file,
                "the zip archive's end record points outside the file")
        }
        guard record.entryCount <= ZipDirectory.maximumEntryCount else {
            throw CheckpointError(
                .zipDirectoryInvalid, file: file,
                "the zip archive has \(record.entryCount.grouped) entries, which no checkpoint needs",
                remedy: Remedy.untrusted)
        }
        return record
    }

    /// The record is the last thing in the file but for a comment of known length.
    private static func position(in bytes: ByteView) -> Int? {
        let last = bytes.count - length
        guard last >= 0 else { return nil }
        for position in stride(from: last, through: max(0, last - 0xFFFF), by: -1) {
            guard bytes.integer(at: position, as: UInt32.self) == 0x0605_4B50,
                let comment: UInt16 = bytes.integer(at: position + 20),
                position + length + Int(comment) == bytes.count
            else { continue }
            return position
        }
        return nil
    }

    /// The record itself, unless a field says that the 64-bit record has it.
    private static func narrow(_ bytes: ByteView, _ position: Int) -> Self? {
        guard let disks: UInt32 = bytes.integer(at: position + 4), disks == 0,
            let count: UInt16 = bytes.integer(at: position + 10), count != .max,
            bytes.integer(at: position + 8, as: UInt16.self) == count,
            let length: UInt32 = bytes.integer(at: position + 12), length != .max,
            let offset: UInt32 = bytes.integer(at: position + 16), offset != .max
        else { return nil }
        return Self(
            directoryOffset: Int(offset), directoryLength: Int(length), entryCount: Int(count))
    }

    private static func wide(_ bytes: ByteView, _ position: Int) -> Self? {
        let locator = position - locatorLength
        guard bytes.integer(at: locator, as: UInt32.self) == 0x0706_4B50,
            let place: UInt64 = bytes.integer(at: locator + 8),
            let record = Int(exactly: place), record <= locator - length64,
            bytes.integer(at: record, as: UInt32.self) == 0x0606_4B50,
            bytes.integer(at: record + 16, as: UInt64.self) == 0,
            let count: UInt64 = bytes.integer(at: record + 32),
            bytes.integer(at: record + 24, as: UInt64.self) == count,
            let length: UInt64 = bytes.integer(at: record + 40),
            let offset: UInt64 = bytes.integer(at: record + 48),
            let entryCount = Int(exactly: count), let directoryLength = Int(exactly: length),
            let directoryOffset = Int(exactly: offset)
        else { return nil }
        return Self(
            directoryOffset: directoryOffset, directoryLength: directoryLength,
            entryCount: entryCount)
    }
}
