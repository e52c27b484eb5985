import AsyncHTTPClient
import Foundation
import NIOCore

/// One pull of one repository.
struct Download: Sendable {
    let name: RepositoryName
    let revision: String
    let cache: HubCache
    let client: HubClient
    let tries: Int
    let progress: @Sendable (Hub.Progress) -> Void

    /// - Returns: the snapshot's folder, in which every needed file is.
    func run() async throws -> URL {
        let repository = try await client.repository(name, revision: revision)
        let files = try FileSelection.needed(of: repository.files, in: name)
        let snapshot = cache.snapshot(repository.commit, of: name)

        var missing: [(file: String, metadata: HubClient.FileMetadata)] = []
        for file in files where !exists(snapshot.appending(path: file)) {
            let metadata = try await client.metadata(
                of: file, in: name, commit: repository.commit)
            missing.append((file, metadata))
        }
        let total = missing.reduce(0) { $0 + $1.metadata.size }
        var before = 0
        for (file, metadata) in missing {
            try Task.checkCancellation()
            try await fetch(file, metadata) { [before, progress] done in
                progress(.init(file: file, done: before + done, total: total))
            }
            try cache.link(file, to: metadata.hash, commit: repository.commit, of: name)
            before += metadata.size
        }
        // Last: what a revision stands for is whole.
        try cache.setReference(revision, to: repository.commit, of: name)
        return snapshot
    }

    private func exists(_ file: URL) -> Bool {
        // Follows the link: one to a blob that is gone does not count.
        FileManager.default.fileExists(atPath: file.path)
    }

    /// Brings a file's content into the cache, under a lock that other programs respect.
    private func fetch(
        _ file: String, _ metadata: HubClient.FileMetadata, report: @Sendable (Int) -> Void
    ) async throws {
        let blob = cache.blob(metadata.hash, of: name)
        let lock = try await FileLock.acquire(cache.lock(metadata.hash, of: name))
        defer { withExtendedLifetime(lock) {} }
        if exists(blob) { return }
        try HubCache.makeFolder(blob.deletingLastPathComponent())
        let partial = URL(filePath: blob.path + ".incomplete")
        try await fill(partial, file, metadata, report)
        guard try Checksum.matches(partial, metadata.hash, size: metadata.size) else {
            try? FileManager.default.removeItem(at: partial)
            throw HubError(
                .wrongContent,
                "\(name)/\(file): what came does not have the hash that the hub tells, and was "
                    + "thrown away; pull again")
        }
        guard rename(partial.path, blob.path) == 0 else {
            throw HubError(.cacheFailed, "\(blob.path): cannot be written; check permissions")
        }
    }

    /// Fetches until the partial file has its size; a connection that breaks is taken up again.
    private func fill(
        _ partial: URL, _ file: String, _ metadata: HubClient.FileMetadata,
        _ report: @Sendable (Int) -> Void
    ) async throws {
        if !exists(partial) {
            guard FileManager.default.createFile(atPath: partial.path, contents: nil) else {
                throw HubError(.cacheFailed, "\(partial.path): cannot be made; check permissions")
            }
        }
        let handle = try FileHandle(forWritingTo: partial)
        defer { try? handle.close() }
        var attempt = 1
        while true {
            var size = Int(try handle.seekToEnd())
            if size > metadata.size {
                try handle.truncate(atOffset: 0)
                size = 0
            }
            if size == metadata.size { break }
            do {
                try await append(to: handle, from: size, file, metadata, report)
            } catch let error as HubError {
                throw error
            } catch let error as CancellationError {
                throw error
            } catch let error as CocoaError {
                throw HubError(
                    .cacheFailed,
                    "\(partial.path): cannot be written (\(error.localizedDescription)); is the "
                        + "disk full?")
            } catch {
                // The connection broke; what has come is kept.
            }
            let grown = Int(try handle.seekToEnd())
            if grown == metadata.size { break }
            attempt = grown > size ? 1 : attempt + 1
            guard attempt <= tries else {
                throw HubError(
                    .unavailable,
                    "\(name)/\(file): the hub sends \(grown) of \(metadata.size) bytes and no more; "
                        + "pull again later, it will go on from there")
            }
            try await Task.sleep(for: client.configuration.backoff)
        }
        try handle.synchronize()
    }

    private func append(
        to handle: FileHandle, from offset: Int, _ file: String,
        _ metadata: HubClient.FileMetadata, _ report: @Sendable (Int) -> Void
    ) async throws {
        let response = try await client.download(metadata, from: offset, about: "\(name)/\(file)")
        var size = offset
        if offset > 0, response.status.code != 206 {
            // The whole file comes anew.
            try handle.truncate(atOffset: 0)
            size = 0
        }
        for try await piece in response.body {
            try Task.checkCancellation()
            guard size + piece.readableBytes <= metadata.size else {
                try handle.truncate(atOffset: 0)
                throw HubError(
                    .wrongContent,
                    "\(name)/\(file): the hub sends more than the \(metadata.size) bytes that it "
                        + "tells; pull again later")
            }
            try handle.write(contentsOf: Data(piece.readableBytesView))
            size += piece.readableBytes
            report(size)
        }
    }
}
