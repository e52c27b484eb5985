import Crypto
import Foundation

/// Whether a file's content is what its hash says: SHA-256 for 64 digits, git's blob SHA-1 for 40.
enum Checksum {
    static func matches(_ file: URL, _ hash: String, size: Int) throws -> Bool {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        if hash.utf8.count == 64 {
            return try digest(handle, SHA256()) == hash
        }
        var sha1 = Insecure.SHA1()
        sha1.update(data: Data("blob \(size)\0".utf8))
        return try digest(handle, sha1) == hash
    }

    private static func digest(
        _ handle: FileHandle, _ function: some HashFunction
    ) throws -> String {
        var function = function
        // In pieces: a file may be larger than memory.
        while let piece = try handle.read(upToCount: 4 << 20), !piece.isEmpty {
            function.update(data: piece)
        }
        return function.finalize().map { String(format: "%02x", $0) }.joined()
    }
}
