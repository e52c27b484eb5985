import Foundation

/// All vectors of a library in one piece, mapped: what a search goes through.
///
/// It is made from the library's tables, which are right where they differ: it may be deleted, and then is
/// made again.
final class VectorFile: Sendable {
    struct Header: Equatable {
        /// Of the library that it was made from.
        var library: UUID
        var model: Int64
        var width: Int
        var count: Int
    }

    let header: Header
    // Mapped memory that is never written; it lives as long as this object does.
    nonisolated(unsafe) let block: VectorBlock
    nonisolated(unsafe) private let memory: UnsafeMutableRawBufferPointer

    /// The largest number in it.
    var lastID: Int64 { block.ids.last ?? 0 }

    /// Maps a file; `nil` for one that is not there, is cut off, or of another library.
    ///
    /// Nothing writes into one: it is replaced as a whole, and what was mapped stays.
    init?(_ file: URL, of library: UUID, model: Int64) {
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > Layout.headerBytes else {
            return nil
        }
        let size = Int(status.st_size)
        let flags = MAP_PRIVATE | Self.populate
        guard let start = mmap(nil, size, PROT_READ, flags, descriptor, 0), start != MAP_FAILED
        else { return nil }
        let memory = UnsafeMutableRawBufferPointer(start: start, count: size)
        guard let header = Layout.header(UnsafeRawBufferPointer(memory)),
            header.library == library, header.model == model,
            let layout = Layout(header), layout.size == size
        else {
            munmap(start, size)
            return nil
        }
        self.header = header
        self.memory = memory
        let raw = UnsafeRawBufferPointer(memory)
        block = VectorBlock(
            ids: UnsafeRawBufferPointer(rebasing: raw[layout.ids]).bindMemory(to: Int64.self),
            scales: UnsafeRawBufferPointer(rebasing: raw[layout.scales]).bindMemory(to: Float.self),
            bytes: UnsafeRawBufferPointer(rebasing: raw[layout.bytes]).bindMemory(to: Int8.self),
            width: header.width)
    }

    deinit { munmap(memory.baseAddress, memory.count) }

    /// Has the system read the whole file at once, and not a page at a time.
    private static var populate: CInt {
        #if os(Linux)
            MAP_POPULATE
        #else
            0
        #endif
    }

    /// Where things lie in a file: a header, numbers, scales, vectors.
    struct Layout {
        static let headerBytes = 64
        private static let magic = Array("BLIPVEC1".utf8)

        let ids: Range<Int>
        let scales: Range<Int>
        let bytes: Range<Int>
        var size: Int { bytes.upperBound }

        /// `nil` for numbers that no file can have.
        init?(_ header: Header) {
            guard (1...65_536).contains(header.width), (0...1 << 40).contains(header.count) else {
                return nil
            }
            ids = Self.headerBytes..<Self.headerBytes + 8 * header.count
            scales = ids.upperBound..<ids.upperBound + 4 * header.count
            bytes = scales.upperBound..<scales.upperBound + header.width * header.count
        }

        static func bytes(of header: Header) -> Data {
            var data = Data(magic)
            withUnsafeBytes(of: header.library.uuid) { data.append(contentsOf: $0) }
            for number in [Int(header.model), header.width, header.count] {
                withUnsafeBytes(of: Int64(number).littleEndian) { data.append(contentsOf: $0) }
            }
            data.append(Data(count: headerBytes - data.count))
            return data
        }

        static func header(_ bytes: UnsafeRawBufferPointer) -> Header? {
            guard bytes.count >= headerBytes, bytes.starts(with: magic) else { return nil }
            let number = { (offset: Int) in
                Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self))
            }
            guard let width = Int(exactly: number(32)), let count = Int(exactly: number(40)) else {
                return nil
            }
            return Header(
                library: UUID(uuid: bytes.loadUnaligned(fromByteOffset: 8, as: uuid_t.self)),
                model: number(24), width: width, count: count)
        }
    }
}
