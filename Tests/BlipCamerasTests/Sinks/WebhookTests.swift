import Foundation
import Testing

@testable import BlipCameras

/// (Tests/Support/watch_mqtt.py has a receiver that is away, refuses and comes back.)
@Suite("The webhook's queue")
struct WebhookTests {
    private func body(_ text: String) -> Data { Data(text.utf8) }

    @Test func theSignatureIsThatOfOthers() {
        // RFC 4231, test case 2.
        #expect(
            WebhookRequest.signature(of: body("what do ya want for nothing?"), secret: "Jefe")
                == "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func userAndPasswordOfAnAddressAreSent() throws {
        let url = try #require(URL(string: "https://anna:hu%20sh@host/x"))
        let entry = WebhookQueue.Entry(number: 1, id: "1", body: body("{}"))
        let request = WebhookRequest.request(entry, to: WebhookConfiguration(url: url))
        let expected = "Basic " + body("anna:hu sh").base64EncodedString()
        #expect(request.headers.first(name: "Authorization") == expected)
    }

    @Test(arguments: [
        (200, nil, WebhookOutcome.taken), (204, nil, .taken), (400, nil, .refused),
        (410, nil, .refused), (401, nil, .later(nil)), (404, nil, .later(nil)),
        (429, "7", .later(.seconds(7))), (503, "99999999", .later(.seconds(600))),
        (503, "-4", .later(.zero)), (500, "soon", .later(nil)), (302, nil, .later(nil)),
    ])
    func whatAnAnswerMeans(_ status: UInt, _ retryAfter: String?, _ outcome: WebhookOutcome) {
        #expect(WebhookOutcome(status: status, retryAfter: retryAfter) == outcome)
    }

    @Test func outlivesTheProgramInOrder() throws {
        let folder = try Made.folder().appending(path: "queue")
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        var queue = WebhookQueue(folder: folder, limit: 100)
        for number in 0..<12 { #expect(try queue.append(id: "\(number)", body: body("{}")) == 0) }
        try body("no event").write(to: folder.appending(path: "mine.json"))
        try body("{").write(to: folder.appending(path: "event-000000000000.json"))
        // Of a program that was killed while it wrote.
        try body("{").write(to: folder.appending(path: ".event-000000000099.json.draft"))
        var again = WebhookQueue(folder: folder, limit: 100)
        var ids: [String] = []
        while let entry = again.first() {
            ids.append(entry.id)
            again.remove(entry.number)
        }
        #expect(ids == (0..<12).map(String.init))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left == ["mine.json"])
    }

    @Test func isBounded() throws {
        let folder = try Made.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var queue = WebhookQueue(folder: folder, limit: 3)
        let dropped = try (0..<5).map { try queue.append(id: "\($0)", body: body("{}")) }
        #expect(dropped == [0, 0, 0, 1, 1])
        let oldest = queue.first()
        #expect(oldest?.id == "2")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
    }

    @Test func waitsInMemoryWhereTheDiskTakesNothing() throws {
        let file = try Made.folder().appending(path: "file")
        defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
        try body("no folder").write(to: file)
        var queue = WebhookQueue(folder: file, limit: 3)
        #expect(throws: (any Error).self) { try queue.append(id: "1", body: body("{}")) }
        let entry = queue.first()
        #expect(entry?.id == "1")
        queue.remove(entry?.number ?? 0)
        #expect(queue.count == 0)
    }
}
