import Crypto
public import Foundation
import Hummingbird

/// The keys that may use the service.
///
/// Kept and compared as SHA-256 digests: a comparison takes as long for a wrong key as for a right
/// one, and for each of the keys.
public struct APIKeys: Sendable {
    private let digests: [SHA256.Digest]

    /// - Parameter file: a key a line; empty lines and lines that begin with `#` are none.
    /// - Throws: ``ServiceFileError``, for a file that cannot be read or has no key.
    public init(file: URL) throws {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            throw ServiceFileError(
                "\(file.path) cannot be read; give a text file with a key a line")
        }
        let keys = text.split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !keys.isEmpty else {
            throw ServiceFileError("\(file.path) has no key; write one a line")
        }
        self.init(keys)
    }

    init(_ keys: [String]) { digests = keys.map { SHA256.hash(data: Data($0.utf8)) } }

    func contains(_ key: String) -> Bool {
        let digest = SHA256.hash(data: Data(key.utf8))
        // Digests compare in constant time, and none ends the loop.
        return digests.reduce(false) { $1 == digest || $0 }
    }

    /// Whether a request brings a key: as a bearer token, as `x-api-key`, or as the password of
    /// basic authentication, which browsers ask for.
    func allow(_ headers: HTTPFields) -> Bool {
        if let key = headers["x-api-key"] { return contains(key) }
        let parts = (headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return false }
        let credentials = parts[1].trimmingCharacters(in: .whitespaces)
        switch parts[0].lowercased() {
        case "bearer": return contains(credentials)
        case "basic":
            guard let data = Data(base64Encoded: credentials) else { return false }
            let pair = String(decoding: data, as: UTF8.self)
            guard let colon = pair.firstIndex(of: ":") else { return false }
            return contains(String(pair[pair.index(after: colon)...]))
        default: return false
        }
    }
}
