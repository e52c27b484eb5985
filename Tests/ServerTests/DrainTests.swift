import Foundation
import NIOCore
import Testing

@testable import BlipServer

@Suite("The server's end", .serialized, .timeLimit(.minutes(10)))
struct DrainTests {
    @Test func itLosesNoRequestAndSaysThatItIsNotReady() async throws {
        try await RunningServer.with { server in
            async let long = server.post(
                "/v1/captions",
                json: [
                    "image": Sample.dogsAsURL, "beams": 16, "min_length": 60, "max_length": 60,
                ])
            while server.service.admission.count == 0 {
                try await Task.sleep(for: .milliseconds(1))
            }
            // Another one, which does not end before somebody has asked meanwhile, however fast
            // the machine is: after the last one the server takes no more connections.
            let other = try server.service.admission.acquire(.init(of: MemoryBudget()))
            await server.shutDownGracefully()
            // Whoever asks meanwhile is told, on a connection that is closed after that. The order
            // to end is given by then, and may still be on its way.
            var answer: String?
            repeat {
                try await RawConnection.with(port: server.port) { connection in
                    try await connection.send("GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n")
                    answer = try await connection.first()
                }
            } while answer?.hasPrefix("HTTP/1.1 200 ") == true
            #expect(answer?.hasPrefix("HTTP/1.1 503 ") == true)
            other.release()
            let reply = try await long
            #expect(reply.status == 200)
            #expect(reply.headers.first(name: "connection") == "close")
            #expect(try reply.json()["captions"] is [Any])
        }
    }

    @Test func whoGoesOnAskingIsRefusedAtLast() throws {
        let admission = Admission(limit: 2)
        let permit = try admission.acquire(admission.reader().memory)
        let reader = try admission.reader()
        admission.close()
        for take in [{ _ = try admission.reader() }, { _ = try admission.acquire(reader.memory) }] {
            let error = #expect(throws: ServiceError.self) { try take() }
            #expect(error?.status == .serviceUnavailable && error?.retryAfter != nil)
        }
        #expect(admission.count == 1, "what was admitted is worked for")
        permit.release()
    }

    @Test func aBodyThatDoesNotComeIsNotWaitedForLong() async throws {
        var configuration = ServiceConfiguration()
        configuration.drainTimeout = .milliseconds(200)
        try await RunningServer.with(configuration) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(
                    "POST /v1/captions HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
                        + "Content-Length: 1000\r\n\r\nabc")
                while server.service.connections.count == 0 { await Task.yield() }
                await server.shutDownGracefully()
                // Ends, long before the minute that a body has.
                _ = try await connection.rest()
            }
        }
    }
}
