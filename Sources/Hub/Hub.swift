public import Foundation

/// Fetches models into the cache that `huggingface_hub` shares.
///
/// ```swift
/// let hub = Hub(try HubConfiguration())
/// let pulled = try await hub.pull(RepositoryName("Salesforce/blip-vqa-base"))
/// print(pulled.snapshot.path)
/// ```
///
/// Only what running a model needs is fetched. A pull that was interrupted, at whatever point, goes
/// on where it was; a file is only ever seen whole, with the size and hash that the hub promised.
public struct Hub: Sendable {
    /// What a pull found or fetched.
    public struct Pulled: Sendable, Hashable {
        public let name: RepositoryName
        /// The folder of the model.
        public let snapshot: URL
        /// Bytes of the folder's files.
        public let bytes: Int
    }

    /// How far a pull is.
    public struct Progress: Sendable, Hashable {
        public let file: String
        /// Bytes of all files that are there.
        public let done: Int
        /// Bytes of all files.
        public let total: Int
    }

    public let configuration: HubConfiguration

    public init(_ configuration: HubConfiguration) { self.configuration = configuration }

    public var cache: HubCache { HubCache(configuration.cache) }

    /// Fetches a repository's model, or finds it in the cache.
    ///
    /// - Parameters:
    ///   - name: the repository.
    ///   - revision: a branch, a tag or a commit.
    ///   - progress: called as bytes arrive.
    /// - Throws: ``HubError``, and `CancellationError`.
    public func pull(
        _ name: RepositoryName, revision: String = "main",
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws -> Pulled {
        try SafeName.checkRevision(revision)
        if configuration.isOffline {
            guard let snapshot = cache.snapshot(of: name, revision: revision) else {
                throw HubError(
                    .offline,
                    "\(name) is not in the cache, and HF_HUB_OFFLINE forbids to fetch it; unset it")
            }
            return pulled(name, snapshot)
        }
        let client = HubClient.makeHTTPClient(configuration)
        do {
            let snapshot = try await Download(
                name: name, revision: revision, cache: cache,
                client: HubClient(configuration, client: client), tries: configuration.tries,
                progress: progress
            ).run()
            try await client.shutdown()
            return pulled(name, snapshot)
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private func pulled(_ name: RepositoryName, _ snapshot: URL) -> Pulled {
        Pulled(name: name, snapshot: snapshot, bytes: HubCache.bytes(below: snapshot))
    }
}
