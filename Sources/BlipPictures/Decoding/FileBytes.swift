import Foundation

/// Reads the bytes of a file, a pipe or standard input, up to a limit.
///
/// Read, not mapped: a mapped file that another program cuts short would end this one.
package struct FileBytes {
    /// The most bytes.
    let limit: Int
    /// How long a pipe or device may give nothing; ``longest`` times as long for all that it gives.
    let idleTimeout: Duration
    /// Whether to read on, told of the first bytes: endless or huge files that are not wanted end there.
    let isWanted: (ArraySlice<UInt8>) -> Bool

    package init(
        limit: Int, idleTimeout: Duration = .seconds(10),
        isWanted: @escaping (ArraySlice<UInt8>) -> Bool = isPicture
    ) {
        self.limit = limit
        self.idleTimeout = idleTimeout
        self.isWanted = isWanted
    }

    /// Whether bytes begin as a picture's do.
    package static func isPicture(_ bytes: ArraySlice<UInt8>) -> Bool {
        PictureFormat(sniffing: bytes) != nil
    }

    /// For pictures that are decoded with some options.
    package init(for options: PictureOptions) {
        self.init(limit: options.maximumBytes) {
            PictureFormat(sniffing: $0, more: options.acceptsMoreFormats) != nil
        }
    }

    /// What the web calls the format of a picture that begins so; `nil` for what is none.
    package static func mediaType(_ bytes: ArraySlice<UInt8>) -> String? {
        PictureFormat(sniffing: bytes, more: true)?.mediaType
    }

    static let longest = 6.0
    /// Enough to tell what a file is.
    private static let sniffedBytes = 512

    /// - Throws: ``PictureError``, naming the file.
    package func read(_ path: RawPath) throws(PictureError) -> [UInt8] {
        // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        let descriptor = path.withCString { open($0, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw .opening(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        return try read(
            descriptor, path.lastComponent.description, idleTimeout: isRegular ? nil : idleTimeout)
    }

    /// Reads a part of a file, such as an archive's member; what is missing at its end is left out.
    ///
    /// - Throws: ``PictureError``, naming the file.
    package func read(_ path: RawPath, at offset: Int, count: Int) throws(PictureError) -> [UInt8] {
        let name = path.lastComponent.description
        guard count <= limit else { throw .tooManyBytes(name, limit: limit) }
        let descriptor = path.withCString { open($0, O_RDONLY | O_NOCTTY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw .opening(path, errno) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let read = bytes.withUnsafeMutableBytes {
                pread(
                    descriptor, $0.baseAddress?.advanced(by: filled), count - filled,
                    off_t(offset + filled))
            }
            if read < 0, errno == EINTR { continue }
            guard read >= 0 else { throw .reading(name, errno) }
            if read == 0 { break }
            filled += read
        }
        return Array(bytes.prefix(filled))
    }

    /// Reads standard input, which may take its time.
    ///
    /// - Throws: ``PictureError``.
    package func readStandardInput() throws(PictureError) -> [UInt8] {
        try read(STDIN_FILENO, "Standard input", idleTimeout: nil)
    }

    private func read(
        _ descriptor: CInt, _ name: String, idleTimeout: Duration?
    ) throws(PictureError) -> [UInt8] {
        let deadline = idleTimeout.map { ContinuousClock.now + $0 * Self.longest }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        var isSniffed = false
        while true {
            if let idleTimeout, let deadline {
                let left = min(idleTimeout, deadline - .now)
                guard Self.isReadable(descriptor, within: left) else {
                    throw .silence(name, idleTimeout)
                }
            }
            let count = chunk.withUnsafeMutableBytes {
                Foundation.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 {
                let code = errno
                guard code == EAGAIN || code == EINTR else { throw .reading(name, code) }
                if idleTimeout == nil { _ = Self.isReadable(descriptor, within: nil) }
                continue
            }
            bytes += chunk.prefix(count)
            if !isSniffed, count == 0 || bytes.count >= Self.sniffedBytes {
                guard isWanted(bytes[...]) else { return bytes }
                isSniffed = true
            }
            if count == 0 { return bytes }
            if bytes.count > limit { throw .tooManyBytes(name, limit: limit) }
        }
    }

    /// Waits until there is something to read, or to say; not longer than `time`, which may be `nil`.
    private static func isReadable(_ descriptor: CInt, within time: Duration?) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let milliseconds = time.map { max(0, $0 / .milliseconds(1)) } ?? -1
        return poll(&request, 1, CInt(milliseconds)) != 0
    }
}
