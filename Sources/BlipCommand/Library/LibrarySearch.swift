import BLIP
import BlipCommandSupport
import BlipServer
import Foundation
import PhotoLibrary

/// A library as the server searches it.
struct LibrarySearch: PhotoSearch {
    let library: Library
    let model: LibraryModel
    let acceptsMoreFormats: Bool

    func overview() throws -> PhotoOverview {
        let period = try library.period()
        return PhotoOverview(
            count: try library.count, folders: try library.folders().map(\.path),
            first: period?.first,
            last: period?.last)
    }

    func pictures(for query: PhotoQuery) async throws -> [FoundPhoto] {
        guard var search = try await searchQuery(query) else { return [] }
        search.since = query.since
        search.until = query.until
        search.folder = query.folder.map { URL(filePath: $0, directoryHint: .isDirectory) }
        let rerank = query.text == nil ? 0 : query.rerank
        search.limit = max(query.limit, rerank)
        var hits = try library.search(search)
        if rerank > 0, let text = query.text {
            hits = try await model.rerank(
                Array(hits.prefix(rerank)), by: text, acceptsMoreFormats: acceptsMoreFormats
            ).hits
        }
        return hits.prefix(query.limit).map(FoundPhoto.init)
    }

    /// `nil` for pictures like one that is gone or has no vector.
    private func searchQuery(_ query: PhotoQuery) async throws -> SearchQuery? {
        if let text = query.text { return try await model.query(text) }
        guard let id = query.like else { return SearchQuery() }
        guard let photo = try library.photo(id), let vector = try library.embedding(of: photo)
        else { return nil }
        return SearchQuery(vector: vector)
    }

    func file(of id: Int64) throws -> PhotoFile? {
        guard let hash = try library.contentHash(of: id), let path = try library.file(of: id)
        else { return nil }
        let key = hash.map { String(format: "%02x", $0) }.joined()
        return PhotoFile(url: path.url, contentKey: key)
    }
}

extension FoundPhoto {
    fileprivate init(_ hit: SearchHit) {
        let photo = hit.photo
        self.init(
            id: photo.id, image: photo.paths.first?.description ?? "",
            caption: photo.words.altText ?? photo.words.description ?? photo.caption)
        taken = photo.date
        width = photo.width
        height = photo.height
        similarity = hit.similarity.map(Double.init)
        matchProbability = hit.matchProbability.map(Double.init)
        score = hit.score
    }
}
