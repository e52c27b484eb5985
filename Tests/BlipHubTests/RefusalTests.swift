import Foundation
import BlipHub
import Testing

@Suite("What is refused is told by its reason")
struct RefusalTests {
    @Test func licences() async throws {
        try await HubServer.run { server in
            let page = "\(server.endpoint(fault: "gated"))/\(HubServer.name)"
            let stranger = try await server.refusal(server.hub(fault: "gated"))
            #expect(stranger.code == .unauthorized)
            #expect(stranger.message.contains(page) && stranger.message.contains("set HF_TOKEN"))
            let known = try await server.refusal(server.hub(fault: "gated", token: "x"))
            #expect(known.code == .unauthorized)
            #expect(known.message.contains(page) && known.message.contains("the token of TEST"))
        }
    }

    @Test func aTokenThatIsOutOfDate() async throws {
        try await HubServer.run { server in
            let address = server.endpoint(fault: "stale").absoluteString
            let file = server.folder.appending(path: "token")
            try Data("hf_old\n".utf8).write(to: file)
            for (environment, source) in [
                (["HF_TOKEN": "hf_old"], "HF_TOKEN"),
                (["HUGGING_FACE_HUB_TOKEN": "hf_old"], "HUGGING_FACE_HUB_TOKEN"),
                (["HF_TOKEN_PATH": file.path], file.path),
            ] {
                let hub = try server.hub(environment.merging(["HF_ENDPOINT": address]) { $1 })
                let error = try await server.refusal(hub)
                #expect(error.code == .unauthorized)
                #expect(error.message.hasPrefix("\(source) holds a token"), "\(error)")
            }
            // Not sent, it does no harm.
            let hub = try server.hub([
                "HF_TOKEN": "hf_old", "HF_ENDPOINT": address, "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
            ])
            try server.expectWhole(try await server.pull(hub).snapshot)
        }
    }

    @Test func whatIsNotThere() async throws {
        try await HubServer.run { server in
            let disabled = try await server.refusal(server.hub(fault: "disabled"))
            #expect(disabled.message.contains("is disabled by the hub"))
            for token in [nil, "x"] {
                let error = try await server.refusal(server.hub(token: token), of: "nobody/none")
                #expect(error.code == .notFound)
                #expect(error.message.contains("check the name"))
            }
            let revision = await #expect(throws: HubError.self) {
                try await server.hub().pull(RepositoryName(HubServer.name), revision: "nope")
            }
            #expect(revision?.message.contains("no such revision") == true)
        }
    }

    /// Whatever was sent or came in a header is in no message, also where it is sent back.
    @Test func noHeaderIsRepeated() async throws {
        try await HubServer.run { server in
            for fault in ["echoes", "stale", "gated", "401", "403", "404", "500", "blocked"] {
                let hub = try server.hub([
                    "HF_ENDPOINT": server.endpoint(fault: fault).absoluteString,
                    "HF_TOKEN": "hf_secret\n", "HTTP_PROXY": "http://known:p%40ss@\(server.proxy)",
                ])
                var configuration = hub.configuration
                configuration.backoff = .milliseconds(1)
                var dumped = ""
                dump(configuration, to: &dumped)
                let error = try await server.refusal(Hub(configuration))
                let texts = [
                    error.message, "\(configuration)", String(reflecting: configuration), dumped,
                ]
                for secret in ["hf_secret", "Bearer", "p@ss", "p%40ss", "a25vd246", "Signature"] {
                    #expect(texts.allSatisfy { !$0.contains(secret) }, "\(fault): \(texts)")
                }
            }
        }
    }

    /// Such a token cannot be sent, and the message of the HTTP library would hold it.
    @Test func aTokenThatNoHeaderHolds() async throws {
        try await HubServer.run { server in
            for token in [
                "hf_se\u{7}cret", "hf_se cret", "hf_se\u{2013}cret", "\"hf_secret\u{0}\"",
            ] {
                let error = try await server.refusal(try server.hub(["HF_TOKEN": token]))
                #expect(error.code == .unauthorized)
                #expect(error.message.hasPrefix("HF_TOKEN holds a character"))
                #expect(!error.message.contains("cret"))
            }
            let hub = try server.hub(["HF_TOKEN": " hf_se\r\ncret\r\n"])
            try server.expectWhole(try await server.pull(hub).snapshot)
            #expect(try await server.requests().contains { $0.token == "Bearer hf_secret" })
        }
    }

    /// A configuration is read whole, so an endless one is not even fetched.
    @Test func aConfigurationOfManyMegabytes() async throws {
        try await HubServer.run { server in
            try fill(server.repository, with: ["config.json": "{}", "model.safetensors": ""])
            let file = server.repository.appending(path: "config.json")
            try FileHandle(forWritingTo: file).truncate(atOffset: 65 << 20)
            let error = try await server.refusal(server.hub())
            #expect(error.code == .wrongContent)
            #expect(error.message.contains("68 MB"), "\(error)")
        }
    }

    /// What a repository is, is known before anything large is fetched.
    @Test func otherModels() async throws {
        let repositories: [([String: String], String)] = [
            (["config.json": #"{"model_type": "blip-2"}"#, "model.safetensors": ""], "BLIP-2"),
            (["config.json": #"{"model_type": "git"}"#, "pytorch_model.bin": ""], "\"git\""),
            (["config.json": "<html>", "model.safetensors": ""], "config.json cannot be read"),
            (["adapter_config.json": "{}", "adapter_model.safetensors": ""], "which merges them"),
            (["config.json": "{}", "tf_model.h5": ""], "TensorFlow"),
            (["config.json": "{}", "flax_model.msgpack": ""], "Flax"),
            (["config.json": "{}", "onnx/model.onnx": ""], "ONNX"),
            (["blip.gguf": ""], "GGUF"), (["openvino_model.xml": ""], "OpenVINO"),
            (["model_index.json": "{}", "unet/model.safetensors": ""], "diffusers"),
            (["step-9/config.json": "{}", "step-9/model.safetensors": ""], "--include 'step-9/*'"),
            (["model_base.pth": ""], "model_base.pth"),
            // Of a command that is to be copied, each name is one word.
            (["it's; x.pth": ""], #"tests/tiny 'it'\''s; x.pth'"#),
            (["README.md": "x"], "no config.json"),
            (["model.safetensors": ""], "no config.json"),
        ]
        try await HubServer.run { server in
            for (files, naming) in repositories {
                try fill(server.repository, with: files)
                let error = try await server.refusal(server.hub())
                #expect(error.code == .noWeights)
                #expect(error.message.contains(naming), "\(error)")
            }
            #expect(try await server.requests().allSatisfy { !$0.elsewhere })
        }
    }

    private func fill(_ repository: URL, with files: [String: String]) throws {
        try FileManager.default.removeItem(at: repository)
        for (name, text) in files {
            let file = repository.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            // No text stands for what is large, and stored elsewhere.
            try (text.isEmpty ? Data(count: 200_000) : Data(text.utf8)).write(to: file)
        }
    }

    @Test func oneWhoseTypeIsNotToldMayBeOne() async throws {
        try await HubServer.run { server in
            try Data(#"{"text_config": {"model_type": "blip_text_model"}}"#.utf8)
                .write(to: server.repository.appending(path: "config.json"))
            try server.expectWhole(try await server.pull(server.hub()).snapshot)
        }
    }
}
