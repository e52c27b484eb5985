import BlipPictures
import Foundation
import Testing

@testable import BlipServer

/// A library of some files, which finds those whose names have a word.
private actor NamedFiles: PhotoSearch {
    private var files: [Int64: URL]
    private(set) var queries: [PhotoQuery] = []

    init(_ files: [Int64: URL]) { self.files = files }

    func overview() -> PhotoOverview {
        PhotoOverview(
            count: files.count,
            folders: Set(files.values.map { $0.deletingLastPathComponent().path }).sorted())
    }

    func pictures(for query: PhotoQuery) -> [FoundPhoto] {
        queries.append(query)
        return files.sorted { $0.key < $1.key }
            .filter { query.text.map($0.value.lastPathComponent.contains) ?? true }
            .map { id, file in
                var photo = FoundPhoto(id: id, image: file.path, caption: "a picture")
                photo.matchProbability = query.rerank > 0 ? 0.75 : nil
                return photo
            }
    }

    func file(of id: Int64) -> PhotoFile? {
        files[id].map { PhotoFile(url: $0, contentKey: "key-\(id)") }
    }
}

@Suite("A photo library")
struct LibraryTests {
    private func withLibrary(
        apiKeys: APIKeys? = nil, _ body: (RunningServer, NamedFiles, URL) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "blip-library-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Sample.dogs.write(to: folder.appending(path: "dogs.png"))
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "BlipPicturesTests/Fixtures/formats")
        for name in ["orientation-6.jpg", "lzw.tiff"] {
            try FileManager.default.copyItem(
                at: fixtures.appending(path: name), to: folder.appending(path: name))
        }
        try Data("words of a letter".utf8).write(to: folder.appending(path: "text.jpg"))
        let files = NamedFiles(
            [1: "dogs.png", 2: "orientation-6.jpg", 3: "lzw.tiff", 4: "text.jpg", 5: "gone.jpg"]
                .mapValues { folder.appending(path: $0) })
        var configuration = ServiceConfiguration(apiKeys: apiKeys)
        configuration.library = files
        configuration.thumbnailFolder = folder.appending(path: "thumbnails")
        try await RunningServer.with(configuration) { try await body($0, files, folder) }
    }

    @Test func withoutOneItIsSaid() async throws {
        try await RunningServer.with { server in
            #expect(try await server.get("/v1/info").json()["library"] as? Bool == false)
            for path in ["/v1/library", "/v1/search?text=dogs", "/v1/library/1/thumbnail"] {
                let reply = try await server.get(path)
                #expect(reply.status == 404)
                #expect(reply.body.contains("no_library"), "\(reply.body)")
            }
        }
    }

    @Test func search() async throws {
        try await withLibrary { server, files, folder in
            #expect(try await server.get("/v1/info").json()["library"] as? Bool == true)
            let overview = try await server.get("/v1/library").json()
            #expect(overview["count"] as? Int == 5)
            #expect(overview["folders"] as? [String] == [folder.path])
            let reply = try await server.get(
                "/v1/search?text=dogs&in=/a%20b&since=2021-02&until=2021-02-03&limit=7&rerank=3"
            ).json()
            let found = try #require(reply["pictures"] as? [[String: Any]])
            #expect(found.count == 1)
            #expect(found[0]["id"] as? Int == 1)
            #expect(found[0]["caption"] as? String == "a picture")
            #expect(found[0]["match_probability"] as? Double == 0.75)
            #expect(found[0]["thumbnail"] as? String == "/v1/library/1/thumbnail")
            let query = try #require(await files.queries.last)
            #expect(query.folder == "/a b")
            #expect((query.limit, query.rerank) == (7, 3))
            #expect((query.since, query.until) == ("2021-02", "2021-02-03"))
        }
    }

    @Test(arguments: [
        "limit=0", "limit=201", "limit=x", "rerank=65", "since=21", "since=2021-13",
        "until=2021-02-30",
        "text=a&like=1", "like=-1",
    ])
    func whatIsRefused(_ query: String) async throws {
        try await withLibrary { server, files, _ in
            let reply = try await server.get("/v1/search?\(query)")
            #expect(reply.status == 400, "\(reply.body)")
            #expect(await files.queries.isEmpty)
        }
    }

    @Test func thumbnailsAreUprightAndMadeOnce() async throws {
        try await withLibrary { server, _, folder in
            for (id, name) in [(1, "dogs.png"), (2, "orientation-6.jpg"), (3, "lzw.tiff")] {
                let replies = try await withThrowingTaskGroup(of: RunningServer.Reply.self) {
                    group in
                    for _ in 0..<4 {
                        group.addTask { try await server.get("/v1/library/\(id)/thumbnail") }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let bytes = Set(replies.map { Array(buffer: $0.bytes) })
                #expect(bytes.count == 1)
                let reply = try #require(replies.first)
                #expect(reply.status == 200)
                #expect(reply.headers.first(name: "content-type") == "image/jpeg")
                let small = try Picture(bytes: Array(buffer: reply.bytes))
                let whole = try Picture(contentsOf: folder.appending(path: name))
                #expect(max(small.width, small.height) <= 400)
                #expect((small.width > small.height) == (whole.width > whole.height))
                // Kept, so that the file is not needed again.
                try FileManager.default.removeItem(at: folder.appending(path: name))
                let again = try await server.get("/v1/library/\(id)/thumbnail")
                #expect(Array(buffer: again.bytes) == Array(buffer: reply.bytes))
                let tag = try #require(reply.headers.first(name: "etag"))
                let same = try await server.get(
                    "/v1/library/\(id)/thumbnail", headers: [("if-none-match", tag)])
                #expect(same.status == 304)
            }
        }
    }

    @Test func originals() async throws {
        try await withLibrary { server, _, _ in
            let reply = try await server.get("/v1/library/1/original")
            #expect(reply.status == 200)
            #expect(Data(buffer: reply.bytes) == Sample.dogs)
            #expect(reply.headers.first(name: "content-type") == "image/png")
            #expect(reply.headers.first(name: "x-content-type-options") == "nosniff")
        }
    }

    /// Nothing but the library's pictures, and those only while they are pictures.
    @Test(arguments: [
        "9", "4", "5", "-1", "0", "1e0", "x", "..%2F..%2Fetc%2Fpasswd", "99999999999999999999",
    ])
    func whatIsNoneOfThem(_ id: String) async throws {
        try await withLibrary { server, _, _ in
            for kind in ["thumbnail", "original"] {
                let reply = try await server.get("/v1/library/\(id)/\(kind)")
                #expect([404, 415].contains(reply.status), "\(kind): \(reply.body)")
                #expect(!reply.body.contains("words of a letter"))
            }
        }
    }

    @Test func keysProtectIt() async throws {
        try await withLibrary(apiKeys: APIKeys(["key"])) { server, _, _ in
            for path in [
                "/v1/library", "/v1/search", "/v1/library/1/thumbnail", "/v1/library/1/original",
            ] {
                let (without, with) = (
                    try await server.get(path),
                    try await server.get(path, headers: [("x-api-key", "key")])
                )
                #expect((without.status, with.status) == (401, 200))
            }
        }
    }
}
