import Foundation
import BlipHub
import Testing

@Suite("A hub that does not answer as it should")
struct FaultTests {
    @Test func faultsThatPass() async throws {
        try await HubServer.run { server in
            for fault in [
                "429-once", "500-twice", "breaks", "resets", "no-ranges", "other-range",
                "lost-list", "odd-waits", "odd-tags", "one-host", "chunked", "gzip", "tree-only",
                "renamed", "none",
            ] {
                try? FileManager.default.removeItem(at: server.cache)
                do {
                    let pulled = try await server.pull(server.hub(fault: fault))
                    try server.expectWhole(pulled.snapshot)
                    #expect(pulled.problem == nil)
                } catch {
                    Issue.record("\(fault): \(error)")
                }
            }
        }
    }

    @Test func faultsThatStay() async throws {
        let faults: [(String, HubError.Code, String)] = [
            ("401", .unauthorized, "HF_TOKEN"), ("403", .unauthorized, "licence"),
            ("404", .notFound, "check the name"), ("429", .unavailable, "429"),
            ("500", .unavailable, "500"), ("501", .unavailable, "501"),
            ("stalls", .unavailable, "does not answer"),
            ("limit-tomorrow", .unavailable, "1440 minutes"),
            ("nonsense", .wrongContent, "no list of files"), ("endless", .wrongContent, "too long"),
            ("wrong-hash", .wrongContent, "hash"), ("too-much", .wrongContent, "more than"),
            ("too-little", .unavailable, "and no more"),
            ("odd-sizes", .wrongContent, "size and hash"),
            ("no-sizes", .wrongContent, "size and hash"), ("blocked", .unauthorized, "firewall"),
        ]
        try await HubServer.run { server in
            for (fault, code, naming) in faults {
                try? FileManager.default.removeItem(at: server.cache)
                let idleTimeout: Duration = fault == "stalls" ? .seconds(1) : .seconds(60)
                let hub = server.hub(fault: fault, idleTimeout: idleTimeout)
                let error = try await server.refusal(hub)
                #expect(error.code == code, "\(fault): \(error)")
                #expect(error.message.contains(naming), "\(fault): \(error)")
                #expect(
                    HubCache(server.cache).snapshot(of: try RepositoryName(HubServer.name)) == nil,
                    "a pull that failed leaves no model that looks whole")
                // The same cache serves once the fault is gone.
                try server.expectWhole(try await server.pull(server.hub()).snapshot)
            }
        }
    }

    /// Each way to say when to come back is waited for, and told of.
    @Test func waitsAsLongAsItIsTold() async throws {
        try await HubServer.run { server in
            for fault in ["date-once", "limit-once"] {
                try? FileManager.default.removeItem(at: server.cache)
                let waits = Waits()
                let start = ContinuousClock.now
                let pulled = try await server.pull(server.hub(fault: fault), progress: waits.record)
                try server.expectWhole(pulled.snapshot)
                #expect(ContinuousClock.now - start > .milliseconds(900), "\(fault)")
                #expect(waits.reasons.count == 1, "\(fault)")
                #expect(waits.reasons.allSatisfy { $0.contains("asked again in ") })
            }
        }
    }

    /// What will be the same in a minute is not asked again: a pause would be of a minute here.
    @Test func whatLastsFailsAtOnce() async throws {
        try await HubServer.run { server in
            let addresses = [
                ("http://127.0.0.1:1", "127.0.0.1 cannot be connected to"),
                (server.encrypted, "SSL_CERT_FILE"),
                (server.endpoint(fault: "403").absoluteString, "403"),
            ]
            for (address, naming) in addresses {
                var configuration = try server.hub(["HF_ENDPOINT": address]).configuration
                configuration.backoff = .seconds(60)
                let error = try await server.refusal(Hub(configuration))
                #expect(error.message.contains(naming), "\(address): \(error)")
            }
        }
    }

    /// As `huggingface_hub` does.
    @Test func aHubThatIsGoneIsNoneWhereTheCacheHasTheModel() async throws {
        try await HubServer.run { server in
            let pulled = try await server.pull(server.hub())
            var configuration = server.hub().configuration
            configuration.endpoint = try #require(URL(string: "http://127.0.0.1:1"))
            let found = try await server.pull(Hub(configuration))
            #expect(found.snapshot == pulled.snapshot)
            #expect(found.problem?.code == .unavailable)
            // One that answers that it has none is believed.
            let error = try await server.refusal(server.hub(fault: "404"))
            #expect(error.code == .notFound)
        }
    }

    @Test func whatWasFetchedIsNotFetchedAgain() async throws {
        try await HubServer.run { server in
            // The connection breaks after a kilobyte, for good.
            _ = try? await server.pull(server.hub(fault: "too-little"))
            let before = try await server.requests().count
            _ = try await server.pull(server.hub())
            let requests = try await server.requests().dropFirst(before)
            #expect(requests.contains { $0.range == "bytes=1024-" })
        }
    }
}
