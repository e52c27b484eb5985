package import Foundation
internal import Synchronization

/// One contiguous range of addresses that holds every file of a checkpoint, and after them an arena
/// for bytes made at run time (fused, converted or copied weights).
///
/// Files are mapped, not read: each begins on a page of its own, is read-only, and costs memory
/// only where it is touched. So a sharded checkpoint needs no copy, and the whole can be given to a
/// runtime as a single blob in which a tensor is an offset and a size.
///
/// Addresses stay the same for the life of the object, and end with it: keep the object for as long
/// as any pointer into it is in use. Do not shorten a file while it is mapped; the system then ends
/// the process when a lost page is touched.
package final class WeightRegion: Sendable {
    /// A file of the region.
    package struct File: Sendable, Hashable {
        /// The file's name in its folder.
        package let name: String
        /// Where its first byte lies in the region.
        package let offset: Int
        /// Its length in bytes.
        package let byteCount: Int
        /// Its state when it was mapped.
        package let stamp: FileStamp
    }

    /// Appended bytes begin at multiples of this.
    package static let alignment = 64

    /// The mapped files, in the order in which they were given.
    package let files: [File]
    /// Where the arena begins.
    package let arenaOffset: Int
    /// Bytes that files and arena can have in all.
    package let capacity: Int

    // Safe to share: the address never changes, pages of files are read-only, and arena bytes are
    // written only by the `append` that reserved them, before it returns their offset.
    nonisolated(unsafe) private let start: UnsafeMutableRawPointer

    private struct Arena {
        var end: Int
        var committed: Int
    }
    private let arena: Mutex<Arena>
    /// Where bytes lie that are appended once.
    private let places = Mutex<[[UInt8]: Int]>([:])

    /// Maps files and reserves an arena.
    ///
    /// - Parameters:
    ///   - files: The files, which appear in the region in this order.
    ///   - arenaCapacity: The most bytes that can be appended. They are addresses only: memory is
    ///     taken as it is used. By default 2 GiB and as much again as the files have, so that
    ///     every tensor could be copied once.
    package init(mapping files: [URL], arenaCapacity: Int? = nil) throws(CheckpointError) {
        let page = System.pageSize
        var mapped: [File] = []
        var total = 0
        for url in files {
            let name = url.lastPathComponent
            let file = try System.File(path: url.path, name: name)
            mapped.append(
                File(name: name, offset: total, byteCount: file.length, stamp: file.stamp))
            total = try Self.roundedSum(total, file.length, to: page, file: name)
        }
        let arenaBytes = max(arenaCapacity ?? min(total, 1 << 45) + 1 << 31, 0)
        let first = mapped.first?.name ?? "the weight region"
        let size = max(try Self.roundedSum(total, arenaBytes, to: page, file: first), page)
        guard let start = System.reserve(size) else {
            throw System.error(
                first, "has no room for its \(size.grouped) bytes in the address space",
                "free memory or raise the limit on virtual memory (ulimit -v)")
        }
        self.start = start
        self.files = mapped
        self.arenaOffset = total
        self.capacity = size
        self.arena = Mutex(Arena(end: total, committed: total))
        // From here on `deinit` unmaps, also where a throw follows.
        for (url, file) in zip(files, mapped) {
            let source = try System.File(path: url.path, name: file.name)
            guard source.stamp == file.stamp else {
                throw CheckpointError(
                    .unreadable, file: file.name, "changed while it was opened",
                    remedy: "wait until whatever writes it has finished")
            }
            try source.map(at: start + file.offset, name: file.name)
        }
    }

    deinit {
        System.release(start, capacity)
    }

    /// The bytes in use: all files and what has been appended so far.
    package var count: Int {
        arena.withLock { $0.end }
    }

    /// All bytes in use now: files, the unused ends of their last pages (zero), and what has been
    /// appended. Valid while this object lives; appending later changes neither it nor its bytes.
    /// What is appended later lies behind its end: append first, then hand it to a runtime.
    package var base: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: start, count: count)
    }

    /// Copies bytes into the arena. Any thread may call it at any time.
    ///
    /// - Returns: Where they begin in the region, a multiple of ``alignment``.
    /// - Throws: ``CheckpointError`` with the code `arenaFull`.
    package func append(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) -> Int {
        try append(byteCount: bytes.count) { $0.copyMemory(from: bytes) }
    }

    /// Copies bytes into the arena. Any thread may call it at any time.
    ///
    /// - Returns: Where they begin in the region, a multiple of ``alignment``.
    /// - Throws: ``CheckpointError`` with the code `arenaFull`.
    package func append(_ bytes: [UInt8]) throws(CheckpointError) -> Int {
        try append(byteCount: bytes.count) { $0.copyBytes(from: bytes) }
    }

    /// Copies bytes into the arena unless this did so before: a graph that is compiled again and again takes no more
    /// room for its numbers. Any thread may call it at any time.
    ///
    /// - Returns: Where they lie in the region, a multiple of ``alignment``.
    /// - Throws: ``CheckpointError`` with the code `arenaFull`.
    package func appendOnce(_ bytes: [UInt8]) throws -> Int {
        try places.withLock { places in
            if let place = places[bytes] { return place }
            let place = try append(bytes)
            places[bytes] = place
            return place
        }
    }

    /// Makes room in the arena and lets the caller fill it, without a copy between.
    ///
    /// - Parameters:
    ///   - byteCount: The bytes that are needed.
    ///   - fill: Writes them; they are zero before. The pointer is valid until it returns.
    /// - Returns: Where they begin in the region, a multiple of ``alignment``.
    /// - Throws: ``CheckpointError`` with the code `arenaFull`.
    package func append(
        byteCount: Int, initializingWith fill: (UnsafeMutableRawBufferPointer) -> Void
    ) throws(CheckpointError) -> Int {
        let offset = try reserve(byteCount)
        fill(UnsafeMutableRawBufferPointer(start: start + offset, count: byteCount))
        return offset
    }

    /// Lets go of the files' pages in memory; a page that is touched again is read again. Nothing
    /// else changes, and any thread may call it at any time.
    ///
    /// For after a runtime has made its own copy of the weights.
    package func releasePages() {
        System.releasePages(start, arenaOffset)
    }

    private func reserve(_ byteCount: Int) throws(CheckpointError) -> Int {
        // A step of memory accounting, not of memory: few calls, little promised in advance.
        let step = 16 << 20
        let capacity = capacity
        let offset: Int? = arena.withLock { arena in
            guard byteCount >= 0, arena.end <= capacity - Self.alignment else { return nil }
            let offset = (arena.end + Self.alignment - 1) / Self.alignment * Self.alignment
            guard byteCount <= capacity - offset else { return nil }
            let end = offset + byteCount
            if end > arena.committed {
                let wanted = min(max(end, arena.committed + step), capacity)
                let page = System.pageSize
                let limit = min((wanted + page - 1) / page * page, capacity)
                guard System.commit(start + arena.committed, limit - arena.committed)
                else { return nil }
                arena.committed = limit
            }
            arena.end = end
            return offset
        }
        guard let offset else {
            throw CheckpointError(
                .arenaFull, file: files.first?.name ?? "the weight region",
                "there is no room for \(byteCount.grouped) more bytes of weights",
                remedy: "free memory, or open the checkpoint anew")
        }
        return offset
    }

    private static func roundedSum(
        _ total: Int, _ length: Int, to page: Int, file: String
    ) throws(CheckpointError) -> Int {
        let (sum, overflow) = total.addingReportingOverflow(length)
        guard !overflow, sum <= Int.max - page else {
            throw CheckpointError(
                .unreadable, file: file, "its \(length.grouped) bytes exceed the address space")
        }
        return (sum + page - 1) / page * page
    }
}

extension WeightRegion {
    /// The bytes of the file with this number. The caller keeps the region alive meanwhile.
    func view(ofFile index: Int) -> ByteView? {
        guard files.indices.contains(index) else { return nil }
        let file = files[index]
        return ByteView(base).slice(at: file.offset, count: file.byteCount)
    }
}
