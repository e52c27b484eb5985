import BLIP
import BlipPictures
import Foundation
import Testing

@testable import BlipServer

@Suite("Embeddings of OpenAI and Ollama", .serialized)
struct EmbeddingsTests {
    private let texts = ["four dogs on a yellow background", "three pigs"]

    private func expected() async throws -> [[Float]] {
        let model = try await RunningServer.model.value
        let image = try await model.encode(Picture(bytes: Sample.dogs))
        let embeddings = try await model.embeddings(of: texts) + [model.embedding(of: image)]
        return embeddings.map(\.values)
    }

    private func isClose(_ found: [Float], _ expected: [Float]) -> Bool {
        found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 }
    }

    @Test func textsAndPicturesInTheirOrder() async throws {
        let expected = try await expected()
        try await RunningServer.with { server in
            for format in ["float", "base64"] {
                let reply = try await server.post(
                    "/v1/embeddings",
                    json: [
                        "input": [texts[0], Sample.dogsAsURL, texts[1]], "encoding_format": format,
                        "dimensions": expected[0].count,
                    ]
                ).json()
                let data = try #require(reply["data"] as? [[String: Any]])
                #expect(data.map { $0["index"] as? Int } == [0, 1, 2])
                let found = data.map { item -> [Float] in
                    if let numbers = item["embedding"] as? [Double] {
                        #expect(format == "float")
                        return numbers.map(Float.init)
                    }
                    let bytes = Data(base64Encoded: item["embedding"] as? String ?? "") ?? Data()
                    return bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
                }
                #expect(isClose(found[0], expected[0]))
                #expect(isClose(found[1], expected[2]))
                #expect(isClose(found[2], expected[1]))
                #expect((reply["usage"] as? [String: Int])?["prompt_tokens"] == 8)
            }
            let ollama = try await server.post("/api/embed", json: ["input": texts[0]]).json()
            let vectors = try #require(ollama["embeddings"] as? [[Double]])
            #expect(vectors.count == 1 && isClose(vectors[0].map(Float.init), expected[0]))
            let objects = try await server.post(
                "/api/embed", json: ["input": [["text": texts[0]], ["image": Sample.dogsAsURL]]])
            let again = try #require(try objects.json()["embeddings"] as? [[Double]])
            #expect(again.count == 2 && isClose(again[0].map(Float.init), expected[0]))
            let none = try await server.post("/api/embed", json: ["model": "demo"]).json()
            #expect((none["embeddings"] as? [Any])?.isEmpty == true)
        }
    }

    @Test func manyTextsAreBatched() async throws {
        let expected = try await expected()
        try await RunningServer.with(.init(batchRows: 4)) { server in
            let many = (0..<70).map { texts[$0 % 2] }
            let reply = try await server.post("/v1/embeddings", json: ["input": many]).json()
            let data = try #require(reply["data"] as? [[String: Any]])
            let found = data.compactMap { $0["embedding"] as? [Double] }
            try #require(found.count == 70)
            for (index, vector) in found.enumerated() {
                #expect(isClose(vector.map(Float.init), expected[index % 2]))
            }
        }
    }

    @Test func whatIsNoneIsRefused() async throws {
        let bodies: [[String: Any]] = [
            [:], ["input": [] as [String]], ["input": ""], ["input": [1, 2]],
            ["input": "a", "dimensions": 3], ["input": "a", "encoding_format": "int8"],
            ["input": "data:image/png;base64,####"],
            ["input": [["text": "a", "image": Sample.dogsAsURL]]], ["input": [["sound": "a"]]],
            ["input": [String](repeating: "a", count: 513)],
            ["input": [String](repeating: Sample.dogsAsURL, count: 17)],
        ]
        try await RunningServer.with { server in
            for body in bodies {
                let reply = try await server.post("/v1/embeddings", json: body)
                #expect(reply.status == 400, "\(body)")
                #expect(try reply.json()["error"] is [String: Any])
            }
        }
    }
}
