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
        /// The repository.
        public let name: RepositoryName
        /// The folder of the model.
        public let snapshot: URL
        /// Bytes of the folder's files.
        public let bytes: Int
        /// Why the hub could not be asked; the folder then is what an earlier pull fetched.
        public let problem: HubError?
    }

    /// How far a pull is.
    public enum Progress: Sendable, Hashable {
        /// Bytes of a file arrived: its path in the repository, and bytes of all files that are
        /// there and that there are.
        case fetched(file: String, done: Int, total: Int)
        /// Nothing arrives for a while, and why.
        case waiting(String)
    }

    /// Where the hub and its cache are.
    public let configuration: HubConfiguration

    /// A hub; nothing is asked of it yet.
    public init(_ configuration: HubConfiguration) { self.configuration = configuration }

    /// The cache that models are fetched into.
    package var cache: HubCache {
        HubCache(configuration.cache, copiesFiles: configuration.copiesFiles)
    }

    /// Fetches a repository's model, or finds it in the cache.
    ///
    /// A hub that cannot be reached is no error where the cache holds the model, as for
    /// `huggingface_hub`; ``Pulled/problem`` tells of it.
    ///
    /// - Parameters:
    ///   - name: the repository.
    ///   - revision: a branch, a tag or a commit.
    ///   - progress: called as bytes arrive, and where it is waited.
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
                    "\(name) is not in the cache, and HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE forbids "
                        + "to fetch it; unset it")
            }
            return pulled(name, snapshot)
        }
        let connections = Connections(configuration)
        let client = HubClient(configuration: configuration, connections: connections, name: name) {
            progress(.waiting($0))
        }
        let result: Result<Pulled, any Error>
        do {
            result = .success(try await pull(client, revision, progress))
        } catch {
            result = .failure(error)
        }
        await connections.shutdown()
        return try result.get()
    }

    private func pull(
        _ client: HubClient, _ revision: String, _ progress: @escaping @Sendable (Progress) -> Void
    ) async throws -> Pulled {
        let listing: RepositoryListing
        do {
            listing = try await client.listing(revision)
        } catch let error as HubError where error.code == .unavailable {
            guard let snapshot = cache.snapshot(of: client.name, revision: revision) else {
                throw error
            }
            return pulled(client.name, snapshot, problem: error)
        }
        let snapshot = try await Download(client: client, cache: cache, progress: progress)
            .run(listing, revision: revision)
        return pulled(client.name, snapshot)
    }

    private func pulled(
        _ name: RepositoryName, _ snapshot: URL, problem: HubError? = nil
    ) -> Pulled {
        Pulled(
            name: name, snapshot: snapshot, bytes: HubCache.bytes(below: snapshot),
            problem: problem)
    }
}
