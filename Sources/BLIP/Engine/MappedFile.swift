import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A file that OpenVINO mapped itself: a compiled model of the cache.
///
/// Whoever makes one sees to it that the file stays mapped as long as this is used, so that no other
/// thread can put something else in its place. The processor's plugin keeps it so while the compiled
/// model lives; others may let go of it.
struct MappedFile: Sendable {
    private let bounds: Range<UInt>

    /// Finds where a file is mapped; `nil` where it is not, or more than once, and on systems other
    /// than Linux.
    init?(_ file: URL) {
        let path = file.resolvingSymlinksInPath().path
        // Read to its end by a handle: its length, by which Foundation reads files, is 0.
        guard let handle = FileHandle(forReadingAtPath: "/proc/self/maps"),
            let bytes = try? handle.readToEnd(),
            let maps = String(bytes: bytes, encoding: .utf8)
        else { return nil }
        // begin-end permissions offset device inode path
        let found = maps.split(separator: "\n").filter { $0.hasSuffix(" \(path)") }
        guard found.count == 1, let fields = found.first?.split(separator: " "),
            fields.count >= 6, fields[1].hasPrefix("r--")
        else { return nil }
        let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard bounds.count == 2, bounds[0] < bounds[1] else { return nil }
        self.bounds = bounds[0]..<bounds[1]
    }

    /// Lets go of the file's pages; one that is touched again is read again.
    func releasePages() {
        #if canImport(Glibc)
            madvise(
                UnsafeMutableRawPointer(bitPattern: bounds.lowerBound), bounds.count, MADV_DONTNEED)
        #endif
    }
}
