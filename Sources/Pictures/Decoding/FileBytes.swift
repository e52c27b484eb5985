import Foundation

/// Reads a file's bytes for decoding, up to a limit.
///
/// Read, not mapped: a mapped file that another program cuts short would end this one.
enum FileBytes {
    static func read(_ url: URL, limit: Int) throws(PictureError) -> [UInt8] {
        let name = url.lastPathComponent
        guard let file = fopen(url.path, "rb") else { throw openFailure(url, errno) }
        defer { fclose(file) }

        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 {
                // Opening a folder for reading succeeds; reading it does not.
                if ferror(file) != 0 { throw openFailure(url, errno) }
                return bytes
            }
            // Endless or huge files that are no pictures end here.
            if bytes.isEmpty, PictureFormat(sniffing: chunk.prefix(count)) == nil {
                return Array(chunk.prefix(count))
            }
            bytes += chunk.prefix(count)
            if bytes.count > limit {
                throw PictureError(
                    .tooLarge,
                    "\(name) has more than \(limit) bytes: save it smaller.")
            }
        }
    }

    private static func openFailure(_ url: URL, _ code: CInt) -> PictureError {
        let name = url.lastPathComponent
        switch code {
        case ENOENT, ENOTDIR:
            return PictureError(.missingFile, "There is no file \(url.path): check the path.")
        case EISDIR:
            return PictureError(
                .isFolder, "\(name) is a folder, not a picture: name a file inside it.")
        case EACCES, EPERM:
            return PictureError(
                .unreadableFile, "\(name) may not be read: give yourself permission to read it.")
        default:
            let reason = String(cString: strerror(code))
            return PictureError(
                .unreadableFile, "\(name) cannot be read (\(reason)): check the file and its disk.")
        }
    }
}
