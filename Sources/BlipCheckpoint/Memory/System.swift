#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The few calls of the system that mapping files needs.
enum System {
    /// An open regular file.
    struct File: ~Copyable {
        private let descriptor: CInt
        let length: Int
        let stamp: FileStamp

        init(path: String, name: String) throws(CheckpointError) {
            // Without O_NONBLOCK, opening a FIFO would wait for somebody to write to it.
            descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else {
                throw System.error(name, "cannot be opened", "check its path and permissions")
            }
            var status = stat()
            guard fstat(descriptor, &status) == 0 else {
                let error = System.error(name, "cannot be examined", "check the disk")
                close(descriptor)
                throw error
            }
            guard status.st_mode & S_IFMT == S_IFREG, let length = Int(exactly: status.st_size)
            else {
                close(descriptor)
                throw CheckpointError(
                    .unreadable, file: name, "is not a regular file",
                    remedy: "give a checkpoint folder or a file of weights")
            }
            self.length = length
            #if canImport(Darwin)
                let changed = status.st_ctimespec
            #else
                let changed = status.st_ctim
            #endif
            stamp = FileStamp(
                length: length, seconds: Int(changed.tv_sec), nanoseconds: Int(changed.tv_nsec))
        }

        deinit {
            close(descriptor)
        }

        /// Maps the whole file, read-only, over the reserved pages at `address`.
        func map(at address: UnsafeMutableRawPointer, name: String) throws(CheckpointError) {
            if length == 0 { return }
            let mapped = mmap(address, length, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0)
            guard mapped == address else {
                throw System.error(name, "cannot be mapped into memory", "check the disk")
            }
        }
    }

    static var pageSize: Int { max(Int(sysconf(CInt(_SC_PAGESIZE))), 4096) }

    /// Reserves addresses without memory behind them.
    static func reserve(_ count: Int) -> UnsafeMutableRawPointer? {
        let address = mmap(
            nil, count, PROT_NONE, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0)
        return address == MAP_FAILED ? nil : address
    }

    /// Lets reserved pages be written; the system gives them memory as they are touched.
    static func commit(_ address: UnsafeMutableRawPointer, _ count: Int) -> Bool {
        mprotect(address, count, PROT_READ | PROT_WRITE) == 0
    }

    /// Drops pages that were mapped from files; what is not in memory stays so.
    static func releasePages(_ address: UnsafeMutableRawPointer, _ count: Int) {
        // The pages are read-only: none can hold anything that the file does not.
        madvise(address, count, MADV_DONTNEED)
    }

    static func release(_ address: UnsafeMutableRawPointer, _ count: Int) {
        munmap(address, count)
    }

    static func error(_ file: String, _ problem: String, _ remedy: String) -> CheckpointError {
        let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
        return CheckpointError(.unreadable, file: file, "\(problem) (\(reason))", remedy: remedy)
    }
}
