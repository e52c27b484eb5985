import Foundation
import Testing

@testable import BlipServer

@Suite("OpenAI's responses", .serialized)
struct ResponsesTests {
    private func input(_ text: String?) -> [[String: Any]] {
        let parts: [[String: Any]] =
            (text.map { [["type": "input_text", "text": $0]] } ?? [])
            + [["type": "input_image", "image_url": Sample.dogsAsURL]]
        return [["role": "user", "content": parts]]
    }

    private func text(_ response: [String: Any]) throws -> String? {
        let message = (response["output"] as? [[String: Any]])?.first
        #expect(message?["status"] as? String == "completed")
        let part = (message?["content"] as? [[String: Any]])?.first
        #expect(part?["type"] as? String == "output_text")
        return part?["text"] as? String
    }

    @Test func aQuestionIsAnsweredAndAPictureCaptioned() async throws {
        try await RunningServer.with { server in
            let answer = try await server.post(
                "/v1/responses",
                json: ["model": "any", "input": input("how many dogs are there?")]
            ).json()
            #expect(answer["object"] as? String == "response")
            #expect(answer["status"] as? String == "completed")
            #expect(try text(answer) == "4")
            let usage = try #require(answer["usage"] as? [String: Any])
            #expect(usage["output_tokens"] as? Int == 1)
            #expect(usage["input_tokens"] as? Int == 6)
            let caption = try await server.post(
                "/v1/responses", json: ["input": input(nil), "instructions": "Be brief."]
            ).json()
            #expect(try text(caption) == "four dogs on a yellow background")
            let cut = try await server.post(
                "/v1/responses", json: ["input": input(nil), "max_output_tokens": 2]
            ).json()
            #expect(cut["status"] as? String == "incomplete")
            #expect(
                cut["incomplete_details"] as? [String: String] == ["reason": "max_output_tokens"])
        }
    }

    @Test func aStreamsEvents() async throws {
        try await RunningServer.with { server in
            let reply = try await server.post(
                "/v1/responses", json: ["input": input(nil), "stream": true])
            let pairs = try reply.body.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map {
                let lines = $0.split(separator: "\n")
                try #require(lines.count == 2)
                let data = Data(lines[1].dropFirst("data: ".count).utf8)
                let object = try #require(
                    JSONSerialization.jsonObject(with: data) as? [String: Any])
                #expect(lines[0] == "event: \(object["type"] as? String ?? "")")
                return object
            }
            let types = pairs.compactMap { $0["type"] as? String }
            let ends = (
                ["created", "in_progress", "output_item.added", "content_part.added"],
                ["output_text.done", "content_part.done", "output_item.done", "completed"]
            )
            #expect(types.prefix(4) == ends.0.map { "response.\($0)" }[...])
            #expect(types.suffix(4) == ends.1.map { "response.\($0)" }[...])
            let deltas = pairs.filter { $0["type"] as? String == "response.output_text.delta" }
            #expect(deltas.count == pairs.count - 8)
            #expect(deltas.count > 4, "token by token")
            #expect(
                deltas.compactMap { $0["delta"] as? String }.joined()
                    == "four dogs on a yellow background")
            #expect(pairs.compactMap { $0["sequence_number"] as? Int } == Array(pairs.indices))
            let last = try #require(pairs.last?["response"] as? [String: Any])
            #expect(try text(last) == "four dogs on a yellow background")
            let ids = pairs.compactMap { ($0["response"] as? [String: Any])?["id"] as? String }
            #expect(ids.count == 3 && Set(ids).count == 1)
        }
    }

    @Test func aFunctionIsCalled() async throws {
        let parameters: [String: Any] = [
            "type": "object", "properties": ["dogs": ["type": "integer"]], "required": ["dogs"],
        ]
        let tool: [String: Any] = [
            "type": "function", "name": "report", "parameters": parameters,
        ]
        let body: [String: Any] = ["input": input("Report the dogs."), "tools": [tool]]
        try await RunningServer.with { server in
            let whole = try await server.post("/v1/responses", json: body).json()
            let call = try #require((whole["output"] as? [[String: Any]])?.first)
            #expect(call["type"] as? String == "function_call")
            #expect(call["name"] as? String == "report")
            #expect(call["arguments"] as? String == #"{"dogs":4}"#)
            #expect((call["call_id"] as? String)?.hasPrefix("call_") == true)

            let stream = try await server.post(
                "/v1/responses", json: body.merging(["stream": true]) { $1 })
            let events = try stream.body.split(separator: "\n")
                .filter { $0.hasPrefix("data: ") }
                .compactMap {
                    try JSONSerialization.jsonObject(with: Data($0.dropFirst(6).utf8))
                        as? [String: Any]
                }
            let done = events.filter {
                $0["type"] as? String == "response.function_call_arguments.done"
            }
            #expect(done.first?["arguments"] as? String == #"{"dogs":4}"#)
            #expect(events.last?["type"] as? String == "response.completed")

            // What the function gave is not answered by calling it again.
            let given: [[String: Any]] =
                input("Report the dogs.") + [
                    call, ["type": "function_call_output", "call_id": "call_1", "output": "noted"],
                ]
            let after = try await server.post(
                "/v1/responses", json: body.merging(["input": given]) { $1 }
            ).json()
            let item = (after["output"] as? [[String: Any]])?.first
            #expect(item?["type"] as? String == "message")
        }
    }

    @Test func whatIsNotPossibleIsRefused() async throws {
        let fields: [[String: Any]] = [
            ["text": ["format": ["type": "grammar"]]], ["previous_response_id": "resp_1"],
            ["tools": [["type": "web_search"]]], ["background": true], ["max_output_tokens": 0],
            ["input": "how many?"], ["input": [["type": "item_reference", "id": "msg_1"]]],
            ["input": [["role": "user", "content": [["type": "input_file"]]]]],
        ]
        try await RunningServer.with { server in
            for field in fields {
                let body = ["input": input(nil)].merging(field) { $1 }
                let reply = try await server.post("/v1/responses", json: body)
                #expect(reply.status == 400, "\(field)")
                let error = try #require(try reply.json()["error"] as? [String: Any])
                #expect(error["type"] as? String == "invalid_request_error")
            }
        }
    }
}
