import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A file that OpenVINO mapped itself: a compiled model of the cache.
enum MappedFile {
    /// Lets go of a file's pages; one that is touched again is read again. Of effect on Linux only,
    /// and only where the file is mapped once.
    ///
    /// - Parameter file: what the caller keeps mapped meanwhile, read-only. So the one mapping that
    ///   there is must be the caller's: no other thread can put something else in its place.
    static func releasePages(of file: URL) {
        #if canImport(Glibc)
            let path = file.resolvingSymlinksInPath().path
            // Read to its end by a handle: its length, by which Foundation reads files, is 0.
            guard let handle = FileHandle(forReadingAtPath: "/proc/self/maps"),
                let bytes = try? handle.readToEnd(),
                let maps = String(bytes: bytes, encoding: .utf8)
            else { return }
            // begin-end permissions offset device inode path
            let found = maps.split(separator: "\n").filter { $0.hasSuffix(" \(path)") }
            guard found.count == 1, let fields = found.first?.split(separator: " "),
                fields.count >= 6, fields[1].hasPrefix("r--")
            else { return }
            let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard bounds.count == 2, bounds[0] < bounds[1] else { return }
            madvise(
                UnsafeMutableRawPointer(bitPattern: bounds[0]), Int(bounds[1] - bounds[0]),
                MADV_DONTNEED)
        #endif
    }
}
