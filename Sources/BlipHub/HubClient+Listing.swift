import Foundation
import NIOHTTP1

extension HubClient {
    /// What a revision holds, with sizes and hashes where the hub tells them along.
    func listing(_ revision: String) async throws -> RepositoryListing {
        let address = configuration.endpoint.appending(path: "api/models/\(name)/revision/")
            .appending(component: revision)
            .appending(queryItems: [URLQueryItem(name: "blobs", value: "true")])
        let answer = try await json(RepositoryListing.Revision.self, address).0
        guard SafeName.isHash(answer.sha) else { throw noList }
        return RepositoryListing(answer)
    }

    /// Adds sizes and hashes from the other list, of a hub that tells them only there.
    func complete(_ listing: RepositoryListing) async throws -> RepositoryListing {
        var listing = listing
        let first = configuration.endpoint
            .appending(path: "api/models/\(name)/tree/\(listing.commit)")
            .appending(queryItems: [URLQueryItem(name: "recursive", value: "true")])
        var page: URL? = first
        for _ in 0..<100 {
            guard let address = page else { break }
            let (entries, headers) = try await json([RepositoryListing.TreeEntry].self, address)
            listing.add(entries)
            page = Self.next(headers, after: first)
        }
        return listing
    }

    /// The next page, of the same hub: a mirror's links may lead past it.
    private static func next(_ headers: HTTPHeaders, after first: URL) -> URL? {
        guard
            let link = headers["link"].lazy
                .compactMap({ $0.firstMatch(of: /<([^>]*)>\s*;\s*rel="?next"?/) }).first,
            let query = URLComponents(string: String(link.output.1))?.percentEncodedQuery
        else { return nil }
        return first.asking(query)
    }

    private func json<Answer: Decodable>(
        _ type: Answer.Type, _ address: URL
    ) async throws -> (Answer, HTTPHeaders) {
        let (data, headers) = try await data(address, limit: 8 << 20, about: "\(name)")
        guard let answer = try? JSONDecoder().decode(type, from: data) else { throw noList }
        return (answer, headers)
    }

    private var noList: HubError {
        HubError(
            .wrongContent, "\(name): the hub's answer is no list of files; check HF_ENDPOINT")
    }
}
