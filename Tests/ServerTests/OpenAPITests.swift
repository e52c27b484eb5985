import BLIP
import Foundation
import Testing

@testable import BlipServer

@Suite("The OpenAPI document")
struct OpenAPITests {
    @Test func itHasTheRoutesThatAreServed() async throws {
        try await RunningServer.with { server in
            let document = try await server.get("/openapi.json").json()
            #expect(document["openapi"] as? String == "3.1.0")
            let paths = try #require(document["paths"] as? [String: [String: Any]])
            let described = paths.flatMap { path, operations in
                operations.keys.filter { $0 != "parameters" }.map { "\($0.uppercased()) \(path)" }
            }
            let served = server.service.routes(Readiness()).routes.map { route in
                // A name with slashes is no parameter of the router's.
                "\(route.method) \(route.path)".replacing("**", with: "{model}")
            }
            #expect(Set(described) == Set(served))
            #expect(described.count == served.count)
        }
    }

    @Test func itHasTheFieldsThatAreRead() async throws {
        try await RunningServer.with { server in
            let document = try await server.get("/openapi.json").json()
            let schemas = (document["components"] as? [String: Any])?["schemas"]
            let generation = (schemas as? [String: [String: Any]])?["Generation"]?["properties"]
            let described = try #require(generation as? [String: Any]).keys
            let read = GenerationParameters.CodingKeys.allCases.map(\.rawValue)
            #expect(Set(described) == Set(read))
        }
    }
}
