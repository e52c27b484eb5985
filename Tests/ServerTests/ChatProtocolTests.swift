import BLIP
import Foundation
import BlipPictures
import Testing

@testable import BlipServer

@Suite("OpenAI's and Ollama's protocols", .serialized)
struct ChatProtocolTests {
    private func messages(_ text: String?) -> [[String: Any]] {
        let parts: [[String: Any]] =
            (text.map { [["type": "text", "text": $0]] } ?? [])
            + [["type": "image_url", "image_url": ["url": Sample.dogsAsURL]]]
        return [["role": "system", "content": "Be brief."], ["role": "user", "content": parts]]
    }

    @Test func aQuestionIsAnswered() async throws {
        try await RunningServer.with { server in
            let completion = try await server.post(
                "/v1/chat/completions",
                json: ["model": "any", "messages": messages("how many dogs are there?")]
            ).json()
            #expect(completion["object"] as? String == "chat.completion")
            let choices = try #require(completion["choices"] as? [[String: Any]])
            #expect((choices[0]["message"] as? [String: String])?["content"] == "4")
            #expect(choices[0]["finish_reason"] as? String == "stop")
            let usage = try #require(completion["usage"] as? [String: Int])
            #expect(usage["completion_tokens"] == 1)
            #expect(usage["prompt_tokens"] == 6)
        }
    }

    @Test(arguments: [nil, "Describe this image.", "write a caption"])
    func withoutAQuestionItIsCaptioned(_ text: String?) async throws {
        try await RunningServer.with { server in
            let completion = try await server.post(
                "/v1/chat/completions", json: ["messages": messages(text)]
            ).json()
            let choices = try #require(completion["choices"] as? [[String: Any]])
            #expect(
                (choices[0]["message"] as? [String: String])?["content"]
                    == "four dogs on a yellow background")
        }
    }

    @Test func aWishMayHaveSeveralMessages() async throws {
        func message(_ text: String, _ picture: Data?, role: String = "user") -> [String: Any] {
            let url = picture.map { "data:image/png;base64,\($0.base64EncodedString())" }
            var parts: [[String: Any]] = [["type": "text", "text": text]]
            if let url { parts.append(["type": "image_url", "image_url": ["url": url]]) }
            return ["role": role, "content": parts]
        }
        let question = "how many dogs are there?"
        let answer = message("four dogs", nil, role: "assistant")
        let chats: [([[String: Any]], String)] = [
            ([message("Image 1:", Sample.dogs), message(question, nil)], "4"),
            ([message(question, nil), message("", Sample.dogs)], "4"),
            // What was answered before is over, unless nothing newer is there to look at.
            ([message("", Sample.pigs), answer, message(question, Sample.dogs)], "4"),
            ([message("describe", Sample.dogs), answer, message(question, nil)], "4"),
        ]
        try await RunningServer.with { server in
            for (chat, expected) in chats {
                let reply = try await server.post("/v1/chat/completions", json: ["messages": chat])
                let choice = (try reply.json()["choices"] as? [[String: Any]])?.first
                #expect((choice?["message"] as? [String: String])?["content"] == expected)
            }
        }
    }

    @Test func severalPicturesAreAllSeen() async throws {
        let nearlyDogs = try Picture(bytes: Sample.dogs).jpeg(quality: 70)
        let (dogs, pigs) = (Sample.dogs, Sample.pigs)
        let model = try await RunningServer.model.value
        let image = try await model.encode(Picture(bytes: pigs))
        let ofPigs = try await model.caption(image).text
        let animals = try await model.answer("what animals are there?", about: image).text
        let chats: [(String, [Data], String)] = [
            ("how many dogs are there?", [dogs, nearlyDogs], "4"),
            ("is there a dog?", [dogs, nearlyDogs, pigs], "1: yes. 3: no"),
            (
                "what animals are there?", [dogs, pigs, dogs, dogs],
                "1: dogs. 2: \(animals). 3: dogs"
            ),
            ("describe", [dogs, nearlyDogs], "four dogs on a yellow background"),
            ("", [dogs, pigs, dogs, pigs], "1, 3: four dogs on a yellow background. 4: \(ofPigs)"),
        ]
        try await RunningServer.with { server in
            for (text, pictures, expected) in chats {
                let images = pictures.map { $0.base64EncodedString() }
                let generated = try await server.post(
                    "/api/generate", json: ["prompt": text, "images": images, "stream": false]
                ).json()
                #expect(generated["response"] as? String == expected)
                // A message each, as some clients send them.
                let messages: [[String: Any]] = images.enumerated().map { index, image in
                    ["role": "user", "content": index == 0 ? "" : text, "images": [image]]
                }
                let reply = try await server.post("/api/chat", json: ["messages": messages])
                let lines = try reply.body.split(separator: "\n").map { line in
                    try #require(
                        JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                }
                let pieces = lines.compactMap { ($0["message"] as? [String: String])?["content"] }
                #expect(pieces.joined() == expected)
            }
            let many = [String](repeating: Sample.dogsAsBase64, count: 17)
            let refused = try await server.post("/api/generate", json: ["images": many])
            #expect(refused.status == 400)
            #expect(refused.body.contains("17 pictures are too many"))
            let url =
                ["type": "image_url", "image_url": ["url": Sample.dogsAsURL]] as [String: Any]
            let logprobs = try await server.post(
                "/v1/chat/completions",
                json: ["messages": [["role": "user", "content": [url, url]]], "logprobs": true])
            #expect(logprobs.status == 400)
        }
    }

    @Test func aStreamGivesTheSameTextAndItsUsage() async throws {
        try await RunningServer.with { server in
            let reply = try await server.post(
                "/v1/chat/completions",
                json: [
                    "messages": messages(nil), "stream": true,
                    "stream_options": ["include_usage": true],
                ])
            let events = try reply.events()
            #expect(try #require(events.last) == nil)
            let chunks = events.compactMap(\.self)
            #expect(Set(chunks.compactMap { $0["id"] as? String }).count == 1)
            let choices = chunks.compactMap { ($0["choices"] as? [[String: Any]])?.first }
            let text = choices.compactMap { ($0["delta"] as? [String: String])?["content"] }
            #expect(text.joined() == "four dogs on a yellow background")
            #expect(text.count > 4, "token by token")
            #expect(choices.last?["finish_reason"] as? String == "stop")
            #expect((chunks.last?["usage"] as? [String: Int])?["completion_tokens"] == 6)
        }
    }

    @Test func severalTextsAndTheirLimit() async throws {
        try await RunningServer.with { server in
            let completion = try await server.post(
                "/v1/chat/completions",
                json: ["messages": messages(nil), "n": 3, "seed": 1, "max_tokens": 2]
            ).json()
            let choices = try #require(completion["choices"] as? [[String: Any]])
            #expect(choices.map { $0["index"] as? Int } == [0, 1, 2])
            #expect(choices.allSatisfy { $0["finish_reason"] as? String == "length" })
        }
    }

    @Test func logProbabilitiesOfTheTokens() async throws {
        try await RunningServer.with { server in
            let image = try await RunningServer.model.value.encode(Picture(bytes: Sample.dogs))
            let expected = try await RunningServer.model.value.caption(image)
            for stream in [false, true] {
                let reply = try await server.post(
                    "/v1/chat/completions",
                    json: ["messages": messages(nil), "logprobs": true, "stream": stream])
                let objects = stream ? try reply.events() : [try reply.json()]
                let choices = objects.compactMap { ($0?["choices"] as? [[String: Any]])?.first }
                let tokens = choices.compactMap { $0["logprobs"] as? [String: Any] }
                    .flatMap { $0["content"] as? [[String: Any]] ?? [] }
                let words = tokens.compactMap { $0["token"] as? String }
                #expect(words.joined() == "four dogs on a yellow background")
                let found = tokens.compactMap { $0["logprob"] as? Double }
                #expect(found.map(Float.init) == expected.logProbabilities.dropLast())
                #expect(found.allSatisfy { $0 <= 0 })
            }
            let mean = expected.logProbabilities.reduce(0, +) / 7
            #expect(abs(mean - (expected.score ?? 1)) < 1e-6)
            let refused = try await server.post(
                "/v1/chat/completions",
                json: ["messages": messages(nil), "logprobs": true, "top_logprobs": 2])
            #expect(refused.status == 400)
        }
    }

    @Test func errorsAreInOpenAIsForm() async throws {
        try await RunningServer.with { server in
            let url =
                ["type": "image_url", "image_url": ["url": "https://example.org/a.png"]]
                as [String: Any]
            let bodies: [[String: Any]] = [
                ["messages": [["role": "user", "content": "how many?"]]],
                ["messages": [["role": "user", "content": [url]]]],
                ["messages": [["role": "user", "content": [["type": "audio"]]]]],
                ["messages": [] as [Any]],
                ["messages": messages(nil), "n": 17, "temperature": 1],
                ["messages": messages(nil), "temperature": -1],
                ["messages": messages(nil), "top_p": 2],
                ["messages": messages(nil), "max_tokens": 0],
                [:],
            ]
            for body in bodies {
                let reply = try await server.post("/v1/chat/completions", json: body)
                #expect(reply.status == 400)
                let error = try #require(try reply.json()["error"] as? [String: Any])
                #expect(error["type"] as? String == "invalid_request_error")
            }
        }
    }

    @Test func models() async throws {
        try await RunningServer.with { server in
            let list = try await server.get("/v1/models").json()
            #expect((list["data"] as? [[String: Any]])?.first?["id"] as? String == "demo")
            #expect(try await server.get("/v1/models/demo").json()["object"] as? String == "model")
            #expect(try await server.get("/v1/models/other/one").status == 404)
        }
    }

    @Test func ollamaGenerates() async throws {
        try await RunningServer.with { server in
            let reply = try await server.post(
                "/api/generate", json: ["model": "demo", "images": [Sample.dogsAsBase64]])
            #expect(reply.headers.first(name: "content-type") == "application/x-ndjson")
            let lines = try reply.body.split(separator: "\n").map { line in
                try #require(
                    JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            }
            #expect(
                lines.compactMap { $0["response"] as? String }.joined()
                    == "four dogs on a yellow background")
            #expect(
                lines.map { $0["done"] as? Bool } == lines.indices.map { $0 == lines.count - 1 })
            #expect(lines.last?["eval_count"] as? Int == 6)
        }
    }

    @Test func ollamaChatsAndTellsItsModels() async throws {
        try await RunningServer.with { server in
            let message: [String: Any] = [
                "role": "user", "content": "what color is the background?",
                "images": [Sample.dogsAsBase64],
            ]
            let reply = try await server.post(
                "/api/chat", json: ["messages": [message], "stream": false]
            ).json()
            #expect((reply["message"] as? [String: String])?["content"] == "yellow")
            #expect(reply["done"] as? Bool == true)
            let tags = try await server.get("/api/tags").json()
            #expect((tags["models"] as? [[String: Any]])?.first?["name"] as? String == "demo")
            #expect(try await server.get("/api/version").json()["version"] as? String == "1.2.3")
            let running = try await server.get("/api/ps").json()
            #expect((running["models"] as? [[String: Any]])?.first?["model"] as? String == "demo")
            let pull = try await server.post("/api/pull", json: ["model": "demo:latest"])
            #expect(pull.body.hasSuffix("{\"status\":\"success\"}\n"))
            let other = try await server.post(
                "/api/pull", json: ["model": "llava", "stream": false])
            #expect(other.status == 404)
            let load = try await server.post("/api/generate", json: ["model": "demo"]).json()
            #expect(load["done_reason"] as? String == "load")
            let refused = try await server.post("/api/generate", json: ["prompt": "how many?"])
            #expect(refused.status == 400)
            #expect(try refused.json()["error"] is String)
        }
    }
}
