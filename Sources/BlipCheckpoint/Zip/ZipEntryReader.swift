/// Reads one entry of a zip directory, and the header at the entry itself.
struct ZipEntryReader {
    let bytes: ByteView
    let file: String
    let end: ZipEndRecord

    private static let directoryHeaderLength = 46
    private static let localHeaderLength = 30

    /// Reads the entry at `position` in the directory, and moves on.
    func entry(at position: inout Int) throws(CheckpointError) -> ZipDirectory.Entry {
        let start = position
        let limit = end.directoryOffset + end.directoryLength
        guard bytes.integer(at: start, as: UInt32.self) == 0x0201_4B50,
            let flags: UInt16 = bytes.integer(at: start + 8),
            let method: UInt16 = bytes.integer(at: start + 10),
            let stored: UInt32 = bytes.integer(at: start + 20),
            let size: UInt32 = bytes.integer(at: start + 24),
            let nameLength: UInt16 = bytes.integer(at: start + 28),
            let extraLength: UInt16 = bytes.integer(at: start + 30),
            let commentLength: UInt16 = bytes.integer(at: start + 32),
            let place: UInt32 = bytes.integer(at: start + 42),
            case let extraOffset = start + Self.directoryHeaderLength + Int(nameLength),
            case let next = extraOffset + Int(extraLength) + Int(commentLength), next <= limit,
            let name = name(at: start + Self.directoryHeaderLength, Int(nameLength)),
            let extra = bytes.slice(at: extraOffset, count: Int(extraLength)),
            let fields = Self.widen([size, stored, place], from: extra)
        else {
            throw CheckpointError(
                .zipDirectoryInvalid, file: file, "the zip archive's directory is damaged")
        }
        position = next
        try checkStored(name, flags: flags, method: method, size: fields[0], stored: fields[1])
        return try entry(name, headerOffset: fields[2], byteCount: fields[0])
    }

    private func checkStored(
        _ name: String, flags: UInt16, method: UInt16, size: Int, stored: Int
    ) throws(CheckpointError) {
        if flags & 0x2041 != 0 {
            throw CheckpointError(
                .zipEntryEncrypted, file: file, "the zip entry \"\(name.quotable)\" is encrypted",
                remedy: "save the checkpoint without encryption")
        }
        guard method == 0, size == stored else {
            throw CheckpointError(
                .zipEntryCompressed, file: file, "the zip entry \"\(name.quotable)\" is compressed",
                remedy: "save the checkpoint with torch.save, which stores tensors as they are")
        }
    }

    /// Checks the header at the entry: its sizes may be missing (they then follow the data), its
    /// name may not differ.
    private func entry(
        _ name: String, headerOffset: Int, byteCount: Int
    ) throws(CheckpointError) -> ZipDirectory.Entry {
        guard headerOffset <= end.directoryOffset,
            bytes.integer(at: headerOffset, as: UInt32.self) == 0x0403_4B50,
            let nameLength: UInt16 = bytes.integer(at: headerOffset + 26),
            let extraLength: UInt16 = bytes.integer(at: headerOffset + 28),
            self.name(at: headerOffset + Self.localHeaderLength, Int(nameLength)) == name
        else {
            throw CheckpointError(
                .zipDirectoryInvalid, file: file,
                "the zip entry \"\(name.quotable)\" is not where the directory says")
        }
        let offset = headerOffset + Self.localHeaderLength + Int(nameLength) + Int(extraLength)
        guard offset <= end.directoryOffset, byteCount <= end.directoryOffset - offset else {
            throw CheckpointError(
                .zipEntryPastEnd, file: file,
                "the zip entry \"\(name.quotable)\" has \(byteCount.grouped) bytes, more than there"
                    + " are before the directory")
        }
        return .init(name: name, headerOffset: headerOffset, offset: offset, byteCount: byteCount)
    }

    private func name(at offset: Int, _ count: Int) -> String? {
        bytes.array(at: offset, count: count).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The fields as they are, or where they are all ones, from the extra field for zip64.
    private static func widen(_ fields: [UInt32], from extra: ByteView) -> [Int]? {
        var wide = wideValues(extra)?.makeIterator()
        var values: [Int] = []
        for field in fields {
            if field < .max {
                values.append(Int(field))
            } else if let value = wide?.next(), let value = Int(exactly: value) {
                values.append(value)
            } else {
                return nil
            }
        }
        return values
    }

    private static func wideValues(_ extra: ByteView) -> [UInt64]? {
        var position = 0
        while let identifier: UInt16 = extra.integer(at: position),
            let length: UInt16 = extra.integer(at: position + 2)
        {
            if identifier == 1, let content = extra.slice(at: position + 4, count: Int(length)) {
                return (0..<content.count / 8).compactMap { content.integer(at: $0 * 8) }
            }
            position += 4 + Int(length)
        }
        return nil
    }
}
