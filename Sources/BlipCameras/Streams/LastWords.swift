import Foundation
import Synchronization

/// What a child said last on standard error, without secrets.
final class LastWords: Sendable {
    private let secrets: [String]
    private let last = Mutex<String?>(nil)

    init(secrets: [String]) { self.secrets = secrets }

    func add(_ line: String) {
        let line = Self.hiding(secrets, in: line).trimmingCharacters(in: .whitespaces)
        guard !line.isEmpty else { return }
        last.withLock { $0 = String(line.prefix(300)) }
    }

    var text: String? { last.withLock(\.self) }

    /// Also what stands before the @ of any address, for those that a stream leads to.
    static func hiding(_ secrets: [String], in line: String) -> String {
        // A password may have an @ of its own.
        var line = line.replacing(/:\/\/[^\/\s]*@/, with: "://")
        // Longer ones first: one may be a part of another.
        for secret in secrets.sorted(by: { $0.count > $1.count }) where secret.count > 2 {
            line = line.replacing(secret, with: "…")
        }
        return line
    }
}
