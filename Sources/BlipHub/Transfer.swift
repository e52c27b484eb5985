import Foundation

/// Brings one file's content into the cache, under a lock that other programs respect.
struct Transfer: Sendable {
    let file: RemoteFile
    let commit: String
    let client: HubClient
    let cache: HubCache

    private var subject: String { "\(client.name)/\(file.path)" }

    func run(_ report: @Sendable (Int) -> Void) async throws {
        let blob = cache.blob(file.hash, of: client.name)
        let lock = try await FileLock.acquire(cache.lock(file.hash, of: client.name)) {
            client.notify("\(subject): another program is fetching it; waiting for that")
        }
        defer { withExtendedLifetime(lock) {} }
        // One of another size is what another program left unfinished.
        if HubCache.size(of: blob) == file.size { return }
        try HubCache.makeFolder(blob.deletingLastPathComponent())
        // Without a lock, nobody else may write to the same file.
        let suffix = lock == nil ? ".\(UUID().uuidString).incomplete" : ".incomplete"
        let partial = URL(filePath: blob.path + suffix)
        defer { if lock == nil { try? FileManager.default.removeItem(at: partial) } }
        let found = HubCache.size(of: partial) ?? 0
        try await fill(partial, report)
        if try !Checksum.matches(partial, file.hash, size: file.size) {
            try? FileManager.default.removeItem(at: partial)
            // What another program left behind may be at fault, which is told apart by trying.
            if found > 0 { try await fill(partial, report) }
            guard found > 0, try Checksum.matches(partial, file.hash, size: file.size) else {
                try? FileManager.default.removeItem(at: partial)
                throw HubError(
                    .wrongContent,
                    "\(subject): what came does not have the hash that the hub tells, and was thrown "
                        + "away; pull again")
            }
        }
        guard rename(partial.path, blob.path) == 0 else {
            throw HubError(.cacheFailed, "\(blob.path): cannot be written; check permissions")
        }
    }

    /// Fetches until the partial file has its size; a connection that breaks is taken up again.
    private func fill(_ partial: URL, _ report: @Sendable (Int) -> Void) async throws {
        let output = try PartialFile(partial)
        var attempt = 1
        var pause = client.configuration.backoff
        var hasReceived = false
        while true {
            if try output.size() > file.size { try output.clear() }
            let before = try output.size()
            if before == file.size { break }
            do {
                try await append(to: output, report)
            } catch let error as HubError where error.code == .unavailable && hasReceived {
                // The network may be gone for a moment.
            } catch is Unreachable {
                // The connection broke; what has come is kept.
            }
            let after = try output.size()
            if after == file.size { break }
            if after > before {
                hasReceived = true
                attempt = 0
                pause = client.configuration.backoff
            }
            attempt += 1
            guard attempt <= client.configuration.tries else {
                throw HubError(
                    .unavailable,
                    "\(subject): the hub sends \(after) of \(file.size) bytes and no more; pull again "
                        + "later, it will go on from there")
            }
            try await Task.sleep(for: pause)
            pause *= 2
        }
        try output.synchronize()
    }

    private func append(to output: PartialFile, _ report: @Sendable (Int) -> Void) async throws {
        var size = try output.size()
        let answer = try await client.download(file.path, commit: commit, from: size)
        if !answer.isContinuation(from: size) {
            // The whole file comes anew, or nothing that fits.
            try output.clear()
            size = 0
            guard ![206, 416].contains(answer.response.status.code) else { return }
        }
        var body = answer.response.body.makeAsyncIterator()
        while let piece = try await answer.next(&body) {
            try Task.checkCancellation()
            guard size + piece.readableBytes <= file.size else {
                try output.clear()
                throw HubError(
                    .wrongContent,
                    "\(subject): the hub sends more than the \(file.size) bytes that it tells; pull "
                        + "again later")
            }
            try output.write(Data(piece.readableBytesView))
            size += piece.readableBytes
            report(size)
        }
    }
}
