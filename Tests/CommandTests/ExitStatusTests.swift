import Foundation
import Testing

@Suite("What goes wrong is said in one sentence, with the exit status of the contract")
struct ExitStatusTests {
    private let photo = Repository.photo("china.jpg")

    private func expectOneSentence(
        _ result: BlipProgram.Result, status: Int32, naming: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(result.status == status, "\(result.errors)", sourceLocation: sourceLocation)
        #expect(result.output.isEmpty, sourceLocation: sourceLocation)
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 1, "\(result.errors)", sourceLocation: sourceLocation)
        #expect(result.errors.contains(naming), "\(result.errors)", sourceLocation: sourceLocation)
    }

    @Test func usage() async throws {
        #expect(try await BlipProgram.run("caption").status == 64)
        #expect(try await BlipProgram.run("caption", photo, "--max-length", "x").status == 64)
        expectOneSentence(
            try await BlipProgram.run("nonsense"), status: 64, naming: "blip --help")
        expectOneSentence(
            try await BlipProgram.run("captoin", photo), status: 64, naming: "did you mean caption?"
        )
        expectOneSentence(
            try await BlipProgram.run("caption", photo, "--max-length", "1"), status: 64,
            naming: "maximum length of 1")
        expectOneSentence(
            try await BlipProgram.run("caption", "@/nowhere/list.txt"), status: 64,
            naming: "/nowhere/list.txt: there is no such list")
        expectOneSentence(
            try await BlipProgram.run("ask", "what is this?", photo), status: 64,
            naming: "the picture comes first")
    }

    /// An empty path would be the working directory: what a script writes whose variable is unset.
    @Test(arguments: [
        ["caption", "photo.jpg", "--cache-dir", ""], ["caption", "photo.jpg", "--cache-dir="],
        ["caption", ""], ["caption", "photo.jpg", "--model", ""],
        ["caption", "photo.jpg", "--annotate", ""], ["convert", "demo", "--out", ""],
        ["convert", "demo", "--out", "x", "--activations", "int8", "--calibrate", ""],
        ["bench", "--images", ""], ["bench", "--report", ""], ["serve", "--api-key-file", ""],
        ["serve", "--tls-certificate", "", "--tls-key", ""], ["models", "--default", ""],
        ["eval", "captions", "a.json", "pictures", "--results", ""],
        ["compare", "demo", "demo-int8", ""],
    ])
    func emptyArguments(arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        let result = try await BlipProgram.run(arguments, in: folder.url.path)
        expectOneSentence(result, status: 64, naming: "empty")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test func help() async throws {
        for command in [
            "caption", "ask", "match", "pull", "models", "convert", "devices", "eval",
            "compare", "bench", "serve",
        ] {
            let result = try await BlipProgram.run(command, "--help")
            #expect(result.status == 0)
            #expect(result.output.contains("EXAMPLES"), "\(command)")
        }
        #expect(try await BlipProgram.run("--version").output == "0.1.0\n")
    }

    @Test func missingModelAndDevice() async throws {
        expectOneSentence(
            try await BlipProgram.run("caption", photo, "--model", "/nowhere/at-all"), status: 66,
            naming: "/nowhere/at-all")
        for device in ["TPU", "AUTO:CPU,TPU"] {
            expectOneSentence(
                try await BlipProgram.run(
                    "caption", photo, "--model", Repository.checkpoint("vqa-f32"), "--device",
                    device), status: 69, naming: "\"TPU\"; this machine has CPU")
        }
    }

    @Test func aTaskThatTheCheckpointCannotDo() async throws {
        let result = try await BlipProgram.run(
            "caption", photo, "--model", Repository.checkpoint("itm-f32"))
        expectOneSentence(result, status: 66, naming: "itm-f32 cannot caption, only match")
        #expect(result.errors.contains("Salesforce/blip-image-captioning-base"))
    }

    /// A checkpoint folder whose one file was changed.
    private func run(
        _ name: String, changing file: String, _ change: (inout Data) -> Void
    ) async throws -> BlipProgram.Result {
        let folder = try TemporaryFolder()
        let copy = try folder.copy(Repository.checkpoint(name), as: "model")
        let url = URL(filePath: copy).appending(path: file)
        var data = try Data(contentsOf: url)
        change(&data)
        try data.write(to: url)
        return try await BlipProgram.run("caption", photo, "--model", copy)
    }

    @Test func damagedWeights() async throws {
        let weights = "model.safetensors"
        expectOneSentence(
            try await run("vqa-f32", changing: weights) { $0 = $0.prefix($0.count / 2) },
            status: 66, naming: weights)
        expectOneSentence(
            try await run("vqa-f32", changing: weights) { $0 = Data("<html>".utf8) },
            status: 66, naming: weights)
        expectOneSentence(
            try await run("vqa-f32", changing: weights) { $0[7] = 0x7F }, status: 66,
            naming: weights)
        expectOneSentence(
            try await run("vqa-f32", changing: weights) { data in
                let name = Data("vision_model.post_layernorm.weight".utf8)
                data[data.range(of: name)?.lowerBound ?? 0] = 0x58
            }, status: 66, naming: "vision_model.post_layernorm.weight")
    }

    @Test func aConfigurationThatDoesNotFit() async throws {
        expectOneSentence(
            try await run("vqa-f32", changing: "config.json") { data in
                let text = String(decoding: data, as: UTF8.self)
                data = Data(text.replacing("\"blip\"", with: "\"bert\"").utf8)
            }, status: 66, naming: "config.json")
        expectOneSentence(
            try await run("vqa-f32", changing: "config.json") { data in
                let text = String(decoding: data, as: UTF8.self)
                data = Data(
                    text.replacing(
                        /"intermediate_size": \d+/, with: "\"intermediate_size\": 96"
                    ).utf8)
            }, status: 66, naming: "config.json asks for")
    }
}

@Suite("blip pull and blip models")
struct HubCommandTests {
    @Test func whatIsRefused() async throws {
        let name = try await BlipProgram.run("pull", "../nowhere")
        #expect(name.status == 64)
        #expect(name.errors.contains("OWNER/NAME"))
        let missing = try await BlipProgram.run(
            "caption", Repository.photo("china.jpg"), "--model", "nobody/nothing")
        #expect(missing.status == 66)
        #expect(missing.errors.contains("blip pull nobody/nothing"))
        let unreachable = try await BlipProgram.run(
            ["pull", "nobody/nothing"],
            environment: ["HF_ENDPOINT": "http://127.0.0.1:1", "HF_TOKEN": "hf_secret\n"])
        #expect(unreachable.status == 66)
        #expect(unreachable.errors.contains("127.0.0.1 cannot be connected to"))
        #expect(!unreachable.errors.contains("hf_secret"))
    }

    @Test func theEmbeddedModelsAreListed() async throws {
        let result = try await BlipProgram.run("models", "--json")
        #expect(result.status == 0)
        let objects = try result.objects().prefix(2)
        #expect(
            objects.map { $0["name"] as? String } == ["demo", "demo-int8"])
        for object in objects {
            #expect(object.keys.sorted() == ["bytes", "default", "name", "path", "tasks"])
            #expect(object["tasks"] as? [String] == ["caption", "answer", "match"])
        }
    }
}
