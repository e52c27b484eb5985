import Foundation
import NIOCore
import Testing

@testable import BlipServer

@Suite("Understood prompts and structures, in each protocol", .serialized)
struct StructureTests {
    /// Of the sample of four dogs on a yellow background.
    private static let schema = #"""
        {"type":"object","required":["dog_count","has_dog","background_color","title"],"properties":{
        "title":{"type":"string"},"dog_count":{"type":"integer"},"has_dog":{"type":"boolean"},
        "background_color":{"enum":["red","yellow","blue"]}}}
        """#
    private static let filled =
        #"{"title":"four dogs on a yellow background","dog_count":4,"has_dog":true,"background_color":"yellow"}"#

    private func post(
        _ server: RunningServer, _ path: String, _ members: String
    ) async throws -> RunningServer.Reply {
        try await server.post(path, .bytes(ByteBuffer(string: "{\(members)}")))
    }

    private func ollama(_ prompt: String, _ more: String = "") -> String {
        #""prompt":"\#(prompt)","images":["\#(Sample.dogsAsBase64)"]\#(more)"#
    }

    private func messages(_ prompt: String, _ more: String = "", system: String = "Be brief.")
        -> String
    {
        #""messages":[{"role":"system","content":"\#(system)"},{"role":"user","content":[{"type":"text","text":"\#(prompt)"},{"type":"image_url","image_url":{"url":"\#(Sample.dogsAsURL)"}}]}]\#(more)"#
    }

    private func choice(_ reply: RunningServer.Reply) throws -> [String: Any] {
        try #require((reply.json()["choices"] as? [[String: Any]])?.first, "\(reply.body)")
    }

    private func content(_ reply: RunningServer.Reply) throws -> String? {
        (try choice(reply)["message"] as? [String: Any])?["content"] as? String
    }

    @Test func ollamasFormat() async throws {
        try await RunningServer.with { server in
            let format = #","format":\#(Self.schema)"#
            let whole = try await post(
                server, "/api/generate",
                ollama("Analyze the picture.", format + #","stream":false"#)
            ).json()
            #expect(whole["response"] as? String == Self.filled)
            let understood = try #require(whole["understood"] as? [String: Any])
            #expect(understood["as"] as? String == "json")
            let probabilities = try #require(understood["probabilities"] as? [String: Double])
            #expect(
                Set(probabilities.keys) == [
                    "/title", "/dog_count", "/has_dog", "/background_color",
                ])
            #expect(probabilities.values.allSatisfy { (0.5...1).contains($0) })
            let stream = try await post(
                server, "/api/chat",
                #""messages":[{"role":"user","content":"Go.","images":["\#(Sample.dogsAsBase64)"]}]"#
                    + format)
            let lines = try stream.body.split(separator: "\n").map {
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
            }
            let text = lines.compactMap { ($0["message"] as? [String: Any])?["content"] as? String }
            #expect(text.joined() == Self.filled)
            #expect(lines.last?["done"] as? Bool == true)
            #expect(lines.last?["understood"] != nil)
            let json = try await post(
                server, "/api/generate",
                ollama("Return title and tags.", #","format":"json","stream":false"#)
            ).json()
            let object = try #require(
                JSONSerialization.jsonObject(with: Data((json["response"] as? String ?? "").utf8))
                    as? [String: Any])
            #expect(object["title"] as? String == "four dogs on a yellow background")
            #expect((object["tags"] as? [String])?.contains("dog") == true)
        }
    }

    @Test func openAIsResponseFormat() async throws {
        try await RunningServer.with { server in
            let format =
                #","response_format":{"type":"json_schema","json_schema":{"name":"a","strict":true,"schema":\#(Self.schema)}}"#
            let path = "/v1/chat/completions"
            #expect(
                try content(await post(server, path, messages("Extract.", format))) == Self.filled)
            let stream = try await post(
                server, path, messages("Extract.", format + #","stream":true"#))
            let choices = try stream.events().compactMap {
                ($0?["choices"] as? [[String: Any]])?.first
            }
            let text = choices.compactMap { ($0["delta"] as? [String: Any])?["content"] as? String }
            #expect(text.joined() == Self.filled)
            let example = #"Return {\"dogs\": 0, \"is_open\": true} as JSON."#
            let forms = [
                #"{"type":"json_object"}"#, #"{"type":"json_object","schema":null}"#,
                #"{"type":"json_object","schema":{}}"#,
            ]
            for more in [""] + forms.map({ #","response_format":"# + $0 }) {
                let text = try #require(
                    try content(await post(server, path, messages(example, more))))
                let object =
                    try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
                #expect(object?["dogs"] as? Int == 4)
                #expect(object?["is_open"] is Bool)
            }
            let textFormat =
                #""text":{"format":{"type":"json_schema","name":"a","schema":\#(Self.schema)}}"#
            let response = try await post(
                server, "/v1/responses",
                #""input":[{"role":"user","content":[{"type":"input_image","image_url":"\#(Sample.dogsAsURL)"}]}],"#
                    + textFormat)
            let output = (try response.json()["output"] as? [[String: Any]])?.first
            let part = (output?["content"] as? [[String: Any]])?.first
            #expect(part?["text"] as? String == Self.filled)
        }
    }

    @Test(arguments: [
        #""required""#, #"{"type":"function","function":{"name":"note"}}"#, #""auto""#,
    ])
    func aFunctionIsCalled(_ choice: String) async throws {
        let tools =
            #","tools":[{"type":"function","function":{"name":"note","parameters":\#(Self.schema)}}]"#
        try await RunningServer.with { server in
            let reply = try await post(
                server, "/v1/chat/completions",
                messages("Go.", tools + #","tool_choice":\#(choice)"#))
            let chosen = try self.choice(reply)
            #expect(chosen["finish_reason"] as? String == "tool_calls")
            let message = try #require(chosen["message"] as? [String: Any])
            #expect(message["content"] is NSNull)
            let call = (message["tool_calls"] as? [[String: Any]])?.first
            let function = try #require(call?["function"] as? [String: Any])
            #expect(function["name"] as? String == "note")
            #expect(function["arguments"] as? String == Self.filled)
            let stream = try await post(
                server, "/v1/chat/completions", messages("Go.", tools + #","stream":true"#))
            #expect(stream.body.contains(#""tool_calls":[{"#))
            let ollama = try await post(
                server, "/api/chat",
                #""messages":[{"role":"user","content":"Go.","images":["\#(Sample.dogsAsBase64)"]}],"stream":false"#
                    + tools
            ).json()
            let calls = (ollama["message"] as? [String: Any])?["tool_calls"] as? [[String: Any]]
            let called = try #require(calls?.first?["function"] as? [String: Any])
            #expect((called["arguments"] as? [String: Any])?["dog_count"] as? Int == 4)
        }
    }

    @Test(arguments: ["", #","parameters":{}"#, #","parameters":null"#])
    func aFunctionWithoutParametersIsGivenAnEmptyObject(_ parameters: String) async throws {
        try await RunningServer.with { server in
            let reply = try await post(
                server, "/v1/chat/completions",
                messages(
                    "Go.",
                    #","tools":[{"type":"function","function":{"name":"look"\#(parameters)}}]"#))
            let message = try #require(try self.choice(reply)["message"] as? [String: Any])
            let call = (message["tool_calls"] as? [[String: Any]])?.first
            let function = try #require(call?["function"] as? [String: Any])
            #expect(function["arguments"] as? String == "{}")
        }
    }

    @Test func whatCannotBeIsRefused() async throws {
        let tool = { (name: String) in #"{"type":"function","function":{"name":"\#(name)"}}"# }
        try await RunningServer.with { server in
            for (more, part) in [
                (
                    #","response_format":{"type":"json_schema","json_schema":{"schema":{"type":"string","format":"date"}}}"#,
                    "#/format"
                ),
                (#","response_format":{"type":"json_schema"}"#, "response_format"),
                (#","response_format":{"type":"grammar"}"#, "grammar"),
                (
                    #","tools":[\#(tool("a")),\#(tool("b"))],"tool_choice":"required""#,
                    "tool_choice"
                ),
                (
                    #","tools":[\#(tool("a"))],"tool_choice":{"type":"function","function":{"name":"c"}}"#,
                    "c"
                ),
                (#","tools":[\#(tool("a"))],"tool_choice":5"#, "tool_choice"),
                (#","tools":[\#(tool("a"))],"tool_choice":"some""#, "tool_choice"),
                (#","tool_choice":"required""#, "no tools"),
                (
                    #","tools":[{"type":"function","function":{"name":"a","parameters":{"type":"string"}}}]"#,
                    "an object"
                ),
                (#","response_format":{"type":"json_object"},"n":2"#, "n must be 1"),
                (#","structured_outputs":"a""#, "must be an object"),
                (#","functions":{"name":"a"}"#, "functions"), (#","modalities":"audio""#, "audio"),
                (#","ebnf":"root ::= \"a\"""#, "ebnf"),
                (#","stop":["a",""]"#, "stop"),
            ] {
                let reply = try await post(server, "/v1/chat/completions", messages("Go.", more))
                #expect(reply.status == 400, "\(more)")
                #expect(reply.body.contains(part), "\(reply.body)")
            }
            let reply = try await post(
                server, "/api/generate",
                ollama(
                    "Go.",
                    #","format":{"type":"object","required":["at"],"properties":{"at":{"type":"string","format":"time"}}}"#
                ))
            #expect(reply.status == 400)
            #expect(reply.body.contains("#/properties/at/format"))
            let text = try await post(
                server, "/v1/chat/completions", messages("Transcribe the text in the image."))
            #expect(text.status == 400)
        }
    }

    @Test func textsEndBeforeAStop() async throws {
        try await RunningServer.with { server in
            for stop in [#""on""#, #"["a yellow","on"]"#] {
                for stream in [false, true] {
                    let reply = try await post(
                        server, "/v1/chat/completions",
                        messages("Describe.", #","stop":\#(stop),"stream":\#(stream)"#))
                    #expect(reply.body.contains(#""content":"four dogs ""#))
                    #expect(!reply.body.contains("yellow"))
                }
            }
            let reply = try await post(
                server, "/api/generate",
                ollama("Describe.", #","stream":false,"options":{"stop":["yellow"]}"#))
            #expect(try reply.json()["response"] as? String == "four dogs on a ")
        }
    }

    @Test func promptsOfProducts() async throws {
        try await RunningServer.with { server in
            for (prompt, expected, wish) in [
                ("What's in this image?", "four dogs on a yellow background", "caption"),
                ("Image 1:\\nDescribe the image.", "four dogs on a yellow background", "caption"),
                ("### User:\\nhow many dogs are there?\\n", "4", "question"),
                ("how many dogs are there? Is there a cat?", "1. 4\n2. no", "question"),
                ("Is there a dog? Answer yes or no.", "yes", "question"),
            ] {
                let reply = try await post(server, "/v1/chat/completions", messages(prompt))
                #expect(try content(reply) == expected)
                let understood = try reply.json()["understood"] as? [String: Any]
                #expect(understood?["as"] as? String == wish)
            }
            let tags = try await post(server, "/v1/chat/completions", messages("Suggest tags."))
            #expect(try content(tags)?.split(separator: ", ").contains("dog") == true)
            let told = try await post(
                server, "/v1/chat/completions", messages("", system: "how many dogs are there?"))
            #expect(try content(told) == "4")
            let hello = try await post(
                server, "/api/chat",
                #""prompt":[],"messages":[{"role":"user","content":"Hi"}],"stream":false"#)
            #expect(hello.status == 200)
            #expect(
                try (hello.json()["understood"] as? [String: Any])?["as"] as? String == "greeting")
        }
    }

    @Test func longQuestionsAreCaptionedOrRefused() async throws {
        let long = "Is there " + String(repeating: "a dog or ", count: 60) + "a cat?"
        for way in LongPrompts.allCases {
            var configuration = ServiceConfiguration()
            configuration.longPrompts = way
            try await RunningServer.with(configuration) { server in
                let reply = try await post(server, "/v1/chat/completions", messages(long))
                #expect(reply.status == (way == .caption ? 200 : 400))
                #expect(reply.body.contains(way == .caption ? "too_long" : "text_too_long"))
            }
        }
    }

    @Test func labelsOfAnotherList() async throws {
        #expect(LabelWords.standard.count >= 1_000)
        #expect(Set(LabelWords.standard).count == LabelWords.standard.count)
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).txt")
        defer { try? FileManager.default.removeItem(at: file) }
        try "# mine\nsoccer ball\n\n dog \n".write(to: file, atomically: true, encoding: .utf8)
        #expect(try LabelWords.words(of: file) == ["soccer ball", "dog"])
        try "# none\n".write(to: file, atomically: true, encoding: .utf8)
        #expect(throws: ServiceFileError.self) { try LabelWords.words(of: file) }
        var configuration = ServiceConfiguration()
        configuration.labelWords = ["dog", "key"]
        try await RunningServer.with(configuration) { server in
            let reply = try await post(server, "/v1/chat/completions", messages("List keywords."))
            #expect(try content(reply) == "dog")
            let structure = try await post(
                server, "/api/generate",
                ollama(
                    "Go.",
                    #","stream":false,"format":{"type":"object","properties":{"tags":{"type":"array","items":{"type":"string"}}}}"#
                ))
            #expect(try structure.json()["response"] as? String == #"{"tags":["dog"]}"#)
        }
    }
}
