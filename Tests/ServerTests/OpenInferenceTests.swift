import Foundation
import NIOCore
import Testing
import BlipWireFormats

@testable import BlipServer

@Suite("The Open Inference Protocol", .serialized)
struct OpenInferenceTests {
    private func input(_ name: String, _ data: [Any], shape: [Int]? = nil) -> [String: Any] {
        ["name": name, "datatype": "BYTES", "shape": shape ?? [data.count], "data": data]
    }

    private func outputs(_ reply: RunningServer.Reply) throws -> [String: [String: Any]] {
        let outputs = try #require(try reply.json()["outputs"] as? [[String: Any]], "\(reply.body)")
        return Dictionary(
            outputs.map { ($0["name"] as? String ?? "", $0) }, uniquingKeysWith: { $1 })
    }

    @Test func whatItIs() async throws {
        try await RunningServer.with { server in
            #expect(try await server.get("/v2").json()["version"] as? String == "1.2.3")
            for path in ["/v2/health/live", "/v2/health/ready", "/v2/models/demo/versions/1/ready"]
            { #expect(try await server.get(path).status == 200) }
            let model = try await server.get("/v2/models/demo").json()
            #expect(
                (model["inputs"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
                    == ["image", "question", "text"])
            #expect(try await server.get("/v2/models/other").status == 404)
            let version = try await server.get("/v2/models/demo/versions/2")
            #expect(version.status == 404)
            #expect(try version.json()["error"] is String)
        }
    }

    @Test func whatItDid() async throws {
        try await RunningServer.with { server in
            let image = input("image", [Sample.dogsAsBase64, Sample.dogsAsBase64])
            for inputs in [[image], [input("pixels", [])]] {
                _ = try await server.post("/v2/models/demo/infer", json: ["inputs": inputs])
            }
            for path in ["/v2/models/stats", "/v2/models/demo/stats"] {
                let models = try await server.get(path).json()["model_stats"]
                let model = try #require((models as? [[String: Any]])?.first)
                #expect(model["inference_count"] as? Int == 2)
                #expect(model["execution_count"] as? Int == 1)
                #expect((model["last_inference"] as? Int ?? 0) > 1_600_000_000_000)
                let stats = try #require(model["inference_stats"] as? [String: [String: Int]])
                #expect(stats["success"]?["count"] == 1 && stats["fail"]?["count"] == 1)
                #expect((stats["success"]?["ns"] ?? 0) > 0)
            }
            let configuration = try await server.get("/v2/models/demo/config").json()
            let outputs = configuration["output"] as? [[String: Any]]
            #expect(
                outputs?.compactMap { $0["data_type"] as? String }
                    == ["TYPE_STRING", "TYPE_STRING", "TYPE_FP32", "TYPE_FP32", "TYPE_FP32"])
            let index = try await server.post("/v2/repository/index", json: [:])
            #expect(index.body.contains(#""name":"demo","reason":"","state":"READY""#))
            #expect(try await server.get("/v2/models/other/stats").status == 404)
        }
    }

    @Test func captionsOfTwoPicturesAsJSON() async throws {
        try await RunningServer.with { server in
            let data = [[Sample.dogsAsBase64], [Sample.pigs.base64EncodedString()]]
            let reply = try await server.post(
                "/v2/models/demo/infer",
                json: ["id": "7", "inputs": [input("image", data, shape: [2, 1])]])
            #expect(try reply.json()["id"] as? String == "7")
            let outputs = try outputs(reply)
            let captions = try #require(outputs["caption"]?["data"] as? [String])
            #expect(captions[0] == "four dogs on a yellow background")
            #expect(captions[1].contains("pigs"))
            #expect(outputs["score"]?["shape"] as? [Int] == [2, 1])
            #expect(outputs["score"]?["datatype"] as? String == "FP32")
        }
    }

    @Test func answersAndMatches() async throws {
        try await RunningServer.with { server in
            let image = input("image", [Sample.dogsAsBase64])
            let answer = try await server.post(
                "/v2/models/demo/versions/1/infer",
                json: [
                    "inputs": [image, input("question", ["how many dogs are there?"])],
                    "outputs": [["name": "answer"]],
                ])
            #expect(try outputs(answer).keys.sorted() == ["answer"])
            #expect(try outputs(answer)["answer"]?["data"] as? [String] == ["4"])
            let match = try await server.post(
                "/v2/models/demo/infer",
                json: ["inputs": [image, input("text", ["four dogs on a yellow background"])]])
            let probability = try outputs(match)["match_probability"]?["data"] as? [Double]
            #expect((probability?.first ?? 0) > 0.9)
        }
    }

    @Test func binaryTensors() async throws {
        try await RunningServer.with { server in
            let picture = BytesTensor.bytes(of: [Sample.dogs])
            let question = BytesTensor.bytes(of: ["how many dogs are there?".utf8])
            let header = try JSONSerialization.data(withJSONObject: [
                "parameters": ["binary_data_output": true],
                "inputs": [("image", picture.count), ("question", question.count)].map {
                    [
                        "name": $0, "datatype": "BYTES", "shape": [1],
                        "parameters": ["binary_data_size": $1],
                    ]
                },
            ])
            let reply = try await server.post(
                "/v2/models/demo/infer",
                .bytes(ByteBuffer(bytes: Array(header) + picture + question)),
                type: "application/octet-stream",
                headers: [("inference-header-content-length", "\(header.count)")])
            let length = reply.headers.first(name: "inference-header-content-length")
                .flatMap(Int.init)
            var body = try TensorBody(
                Array(buffer: reply.bytes), headerLength: length)
            let json = try JSONSerialization.jsonObject(with: Data(body.header))
            let names = ((json as? [String: Any])?["outputs"] as? [[String: Any]])?
                .compactMap { $0["name"] as? String }
            #expect(names == ["answer", "score"])
            let answer = try BytesTensor.elements(of: body.next(5))
            #expect(answer.map { String(decoding: $0, as: UTF8.self) } == ["4"])
            let score = try body.next(4).reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
            #expect((-1...0).contains(Float(bitPattern: score)))
            try body.finish()
        }
    }

    @Test func refusals() async throws {
        try await RunningServer.with { server in
            let image = input("image", ["AAAA"])
            let bodies: [[String: Any]] = [
                [:], ["inputs": [] as [Any]],
                ["inputs": [input("image", [Sample.dogsAsBase64]), input("question", [""])]],
                ["inputs": [input("image", [Sample.dogsAsBase64]), input("text", [" "])]],
                ["inputs": [image, image]],
                ["inputs": [input("pixels", ["AAAA"])]],
                ["inputs": [input("image", ["AAAA"], shape: [2])]],
                ["inputs": [input("image", ["AAAA"], shape: [Int.max, Int.max])]],
                ["inputs": [input("image", ["AAAA"], shape: [-1, -1])]],
                ["inputs": [input("image", ["file:///etc/passwd"])]],
                ["inputs": [input("image", [7])]],
                ["inputs": [image.merging(["datatype": "FP32"]) { $1 }]],
                ["inputs": [image.merging(["parameters": ["binary_data_size": 4]]) { $1 }]],
                ["inputs": [image, input("question", ["a"]), input("text", ["a"])]],
                ["inputs": [image, input("question", ["a", "b"])]],
                ["inputs": [image], "outputs": [["name": "answer"]]],
                ["inputs": [image], "parameters": ["count": 2]],
                ["inputs": [image], "parameters": ["beams": 1000]],
            ]
            for body in bodies {
                let reply = try await server.post("/v2/models/demo/infer", json: body)
                #expect(reply.status == 400, "\(body)")
                #expect(try reply.json()["error"] is String)
            }
            #expect(!(try await server.get("/metrics").body).contains("cache_misses"))
        }
    }
}
