import Foundation

/// One pull of one repository.
struct Download: Sendable {
    let client: HubClient
    let cache: HubCache
    let progress: @Sendable (Hub.Progress) -> Void

    private var name: RepositoryName { client.name }

    /// - Returns: the snapshot's folder, in which every needed file is.
    func run(_ listing: RepositoryListing, revision: String) async throws -> URL {
        let files = try await needed(listing)
        let snapshot = cache.snapshot(listing.commit, of: name)
        let missing = files.filter {
            HubCache.size(of: snapshot.appending(path: $0.path)) != $0.size
        }
        let total = missing.reduce(0) { $0 + $1.size }
        var before = 0
        for file in files {
            try Task.checkCancellation()
            if missing.contains(file) {
                try await Transfer(file: file, commit: listing.commit, client: client, cache: cache)
                    .run { [before] in
                        progress(.fetched(file: file.path, done: before + $0, total: total))
                    }
                try cache.place(file.path, file.hash, commit: listing.commit, of: name)
                before += file.size
            }
            // The first file, so that another model's weights are never fetched.
            if file.path == FileSelection.configuration {
                try ModelKind.check(
                    try Data(contentsOf: snapshot.appending(path: file.path)), of: name)
            }
        }
        do {
            // Last: what a revision stands for is whole.
            try cache.setReference(revision, to: listing.commit, of: name)
        } catch  where missing.isEmpty {
            // A cache that cannot be written to, but holds the model.
        }
        return snapshot
    }

    private func needed(_ listing: RepositoryListing) async throws -> [RemoteFile] {
        let paths = FileSelection.needed(of: listing.paths)
        guard !paths.isEmpty else {
            let kind = ModelKind.otherThanWeights(listing.paths)
            throw HubError(
                .noWeights,
                "\(name) holds \(kind.what); \(kind.advice.replacing("NAME", with: "\(name)"))")
        }
        var listing = listing
        if paths.contains(where: { listing.files[$0] == nil }) {
            listing = try await client.complete(listing)
        }
        return try paths.map {
            guard let file = listing.files[$0] else {
                throw HubError(
                    .wrongContent,
                    "\(name)/\($0): the hub does not tell its size and hash; check HF_ENDPOINT")
            }
            guard file.size <= FileSelection.largestSize(of: $0) else {
                throw HubError(
                    .wrongContent,
                    "\(name)/\($0) has \(file.size / 1_000_000) MB, and no model has so large a file of that "
                        + "name; tell its owner, or pull another")
            }
            return file
        }
    }
}
