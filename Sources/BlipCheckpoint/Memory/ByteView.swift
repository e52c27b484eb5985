/// Foreign bytes of which every read is checked: past the end is `nil`, never a trap.
///
/// The pointer is not owned. Views are made and used while the ``WeightRegion`` (or the caller's
/// buffer) is alive, and none is kept; that is why the type is neither public nor Sendable.
struct ByteView {
    let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var count: Int { bytes.count }

    subscript(offset: Int) -> UInt8? {
        guard offset >= 0, offset < bytes.count else { return nil }
        return bytes[offset]
    }

    func slice(at offset: Int, count: Int) -> ByteView? {
        guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset
        else { return nil }
        return ByteView(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
    }

    func array(at offset: Int, count: Int) -> [UInt8]? {
        guard let slice = slice(at: offset, count: count) else { return nil }
        return [UInt8](slice.bytes)
    }

    /// A little-endian integer at any offset, aligned or not.
    func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, as type: Integer.Type = Integer.self
    ) -> Integer? {
        guard let slice = slice(at: offset, count: MemoryLayout<Integer>.size) else { return nil }
        return Integer(littleEndian: slice.bytes.loadUnaligned(as: type))
    }

    func starts(with prefix: some Collection<UInt8>) -> Bool {
        bytes.starts(with: prefix)
    }
}
