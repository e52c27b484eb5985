import Foundation
import Testing

@Suite("The model that runs where none is named")
struct DefaultModelTests {
    private let sample = Repository.root.appending(path: "Samples/four-dogs.png").path
    private let model = Repository.checkpoint("all-tasks")

    private func run(
        _ arguments: [String], _ folder: String, model: String? = nil
    ) async throws -> BlipProgram.Result {
        try await BlipProgram.run(
            arguments, environment: ["XDG_CONFIG_HOME": folder, "BLIP_MODEL": model ?? ""])
    }

    @Test func theDemoModelIsToldOf() async throws {
        let folder = try TemporaryFolder()
        let commands: [([String], String)] = [
            (["caption", sample, sample], "Salesforce/blip-image-captioning-base"),
            (["ask", sample, "is there a dog?"], "Salesforce/blip-vqa-base"),
            (["match", sample, "a dog"], "Salesforce/blip-itm-base-coco"),
        ]
        for (arguments, name) in commands {
            for more in [[], ["--json"]] {
                let result = try await run(arguments + more, folder.url.path)
                #expect(result.status == 0)
                #expect(!result.output.contains("demo model"))
                // Once a run.
                #expect(result.errors.split(separator: "\n").count == 3, "\(result.errors)")
                for words in ["demo model", "blip pull \(name)", "blip models --default \(name)"] {
                    #expect(result.errors.contains(words), "\(result.errors)")
                }
            }
            let named = try await run(arguments + ["--model", "demo"], folder.url.path)
            #expect(named.errors.isEmpty)
        }
    }

    @Test func theEnvironmentNamesAnother() async throws {
        let folder = try TemporaryFolder()
        let expected = try await run(["caption", sample, "--model", model], folder.url.path)
        let result = try await run(["caption", sample], folder.url.path, model: model)
        #expect(result.output == expected.output)
        #expect(result.errors.isEmpty)
        let missing = try await run(["caption", sample], folder.url.path, model: "nobody/nothing")
        #expect(missing.status == 66)
        #expect(missing.errors.contains("set by BLIP_MODEL"))
        #expect(missing.errors.contains("blip pull nobody/nothing"))
    }

    @Test func aDefaultIsKept() async throws {
        let folder = try TemporaryFolder()
        let copy = try folder.copy(model, as: "mine")
        func defaults(_ environment: String? = nil) async throws -> [String] {
            let result = try await run(["models", "--json"], folder.url.path, model: environment)
            let chosen = try result.objects().filter { $0["default"] as? Bool == true }
            return chosen.compactMap { $0["name"] as? String }
        }
        #expect(try await defaults() == ["demo"])
        let set = try await BlipProgram.run(
            ["models", "--default", "mine"],
            environment: ["XDG_CONFIG_HOME": folder.url.path, "BLIP_MODEL": ""],
            in: folder.url.path)
        #expect(set.status == 0, "\(set.errors)")
        #expect(set.output.contains("mine (default)"))
        // The path means the same in every folder.
        #expect(try await defaults() == [copy])
        let expected = try await run(["caption", sample, "--model", model], folder.url.path)
        let result = try await run(["caption", sample], folder.url.path)
        #expect(result.output == expected.output)
        #expect(result.errors.isEmpty)
        // The environment and the command line go before it.
        #expect(try await defaults("demo-int8") == ["demo-int8"])
        #expect(
            try await run(["caption", sample, "--model", "demo"], folder.url.path).output
                != expected.output)

        // What is no model is not kept, and what is kept may be gone one day.
        for name in ["nobody/nothing", folder.url.path] {
            let refused = try await run(["models", "--default", name], folder.url.path)
            #expect(refused.status == 66, "\(refused.errors)")
        }
        #expect(try await defaults() == [copy])
        try FileManager.default.removeItem(atPath: copy)
        let gone = try await run(["caption", sample], folder.url.path)
        #expect(gone.status == 66)
        #expect(gone.errors.contains("set by blip models --default"))
        let list = try await run(["models"], folder.url.path)
        #expect(list.status == 0)
        #expect(list.errors.contains(copy))
    }

    @Test func aTerminalIsAskedWhetherToPull() async throws {
        let words = [BlipProgram.path, "caption", sample, "--model", "nobody/nothing"]
        let line = words.map { "'\($0)'" }.joined(separator: " ")
        // Gives the program a terminal, and it what is typed.
        let result = try await BlipProgram.runElsewhere(
            ["/usr/bin/script", "-qec", line, "/dev/null"], input: Array("n\n".utf8))
        #expect(result.status == 66)
        #expect(result.output.contains("Fetch it now"))
        #expect(result.output.contains("blip pull nobody/nothing"))
    }
}
