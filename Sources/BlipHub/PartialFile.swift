import Foundation

/// A file that grows while it is fetched.
struct PartialFile {
    private let url: URL
    private let handle: FileHandle

    /// - Throws: ``HubError`` where it cannot be made or opened.
    init(_ url: URL) throws(HubError) {
        self.url = url
        // Appending, so that nothing that is there is lost.
        let descriptor = open(url.path, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND, 0o644)
        guard descriptor >= 0 else {
            throw HubError(.cacheFailed, "\(url.path): cannot be made; check permissions")
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    func size() throws(HubError) -> Int { try perform { Int(try handle.seekToEnd()) } }
    func clear() throws(HubError) { try perform { try handle.truncate(atOffset: 0) } }
    func write(_ data: Data) throws(HubError) { try perform { try handle.write(contentsOf: data) } }
    func synchronize() throws(HubError) { try perform { try handle.synchronize() } }

    private func perform<Result>(_ body: () throws -> Result) throws(HubError) -> Result {
        do {
            return try body()
        } catch {
            throw HubError(
                .cacheFailed,
                "\(url.path): cannot be written (\(error.localizedDescription)); is the disk full?")
        }
    }
}
