public import Foundation

extension Graph {
    /// Writes the graph as an ordinary pair of IR files, `NAME.xml` and `NAME.bin`.
    ///
    /// Constants are streamed one by one, so memory stays at the size of the largest. Both files
    /// are written beside their place and renamed, the `.xml` last: a pair that is there is whole.
    ///
    /// - Parameters:
    ///   - folder: an existing folder.
    ///   - name: the files' name without extension.
    ///   - blob: the bytes that constants of ``ConstantBytes/inBlob(offset:byteCount:)`` lie in.
    /// - Returns: the bytes written.
    /// - Throws: file errors, and what producing a constant throws.
    @discardableResult
    public func write(
        to folder: URL, named name: String,
        blob: UnsafeRawBufferPointer = .init(start: nil, count: 0)
    ) throws -> Int {
        let binary = folder.appending(path: "\(name).bin")
        let partial = folder.appending(path: ".\(name).bin.partial")
        try Data().write(to: partial)
        defer { try? FileManager.default.removeItem(at: partial) }
        let file = try FileHandle(forWritingTo: partial)
        defer { try? file.close() }

        var end = 0
        let xml = try ir { constant in
            // OpenVINO wants constants where a vector register can load them.
            let padding = (64 - end % 64) % 64
            try file.write(contentsOf: Data(count: padding))
            let offset = end + padding
            try file.write(contentsOf: constant.bytes.data(in: blob))
            end = offset + constant.bytes.byteCount
            return offset
        }
        try file.synchronize()
        let topology = Data(xml.utf8)
        // A stale .xml must never be read with the new .bin.
        let xmlFile = folder.appending(path: "\(name).xml")
        try? FileManager.default.removeItem(at: xmlFile)
        guard rename(partial.path, binary.path) == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: binary.path])
        }
        try topology.write(to: xmlFile, options: .atomic)
        return end + topology.count
    }
}

extension ConstantBytes {
    /// The bytes, without a copy where they lie in the blob, which must outlive them.
    ///
    /// - Throws: file errors for a place outside the blob, and what producing them throws.
    package func data(in blob: UnsafeRawBufferPointer) throws -> Data {
        switch self {
        case .literal(let bytes): return Data(bytes)
        case .produced(_, let make): return Data(try make())
        case .inBlob(let offset, let byteCount):
            guard offset >= 0, byteCount >= 0, offset <= blob.count,
                byteCount <= blob.count - offset, let base = blob.baseAddress
            else {
                throw CocoaError(.fileReadCorruptFile)
            }
            // The blob outlives the write: the caller holds it.
            return Data(
                bytesNoCopy: UnsafeMutableRawPointer(mutating: base + offset), count: byteCount,
                deallocator: .none)
        }
    }
}
