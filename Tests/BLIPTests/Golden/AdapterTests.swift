@testable import BLIP
@testable import BlipConversion
import Foundation
import BlipPictures
import Testing

/// Against adapters that peft merged; see `Tools/reference/record_adapters.py`.
@Suite("Adapters, merged as peft does")
struct AdapterTests {
    private struct Recorded: Decodable {
        let checkpoint: String
        let question: String
        let captions: [String: [Int]]
        let answers: [String: [Int]]

        init(_ folder: URL) throws {
            self = try JSONDecoder().decode(
                Self.self, from: Data(contentsOf: folder.appending(path: "record.json")))
        }
    }

    private static let names = ["plain", "half", "settings", "lora-bias", "words", "decoder"]

    private func options(cache: URL? = nil, modelCache: URL? = nil) -> RuntimeOptions {
        RuntimeOptions(
            device: "CPU", precision: .f32, cacheDirectory: cache, modelCache: modelCache)
    }

    private func compare(_ model: BlipModel, _ recorded: Recorded) async throws {
        #expect(recorded.captions.count > 2)
        for (name, expected) in recorded.captions {
            let photo = Record.fixtures.appending(path: "photos/\(name)")
            let image = try await model.encode(Picture(contentsOf: photo))
            #expect(try await model.caption(image).tokenIDs == expected, "\(name)")
            guard let expected = recorded.answers[name] else { continue }
            #expect(
                try await model.answer(recorded.question, about: image).tokenIDs == expected,
                "\(name)")
        }
    }

    /// The adapter's folder, with its model beside it.
    private func pair(_ name: String) throws -> (CheckpointCopy, Recorded) {
        let copy = try CheckpointCopy("adapters/\(name)", as: "adapter")
        let recorded = try Recorded(copy.folder)
        try FileManager.default.copyItem(
            at: Record.fixtures.appending(path: "checkpoints/\(recorded.checkpoint)"),
            to: copy.parent.appending(path: recorded.checkpoint))
        return (copy, recorded)
    }

    @Test(arguments: names)
    func beside(name: String) async throws {
        let (copy, recorded) = try pair(name)
        try await compare(BlipModel(folder: copy.folder, options: options()), recorded)
    }

    @Test func theStateOfAModelWithAnAdapter() async throws {
        let copy = try CheckpointCopy("adapters/state")
        try await compare(
            BlipModel(folder: copy.folder, options: options()), Recorded(copy.folder))
        try copy.remove("adapter_config.json")
        let error = #expect(throws: BlipError.self) { try BlipModel(folder: copy.folder) }
        #expect(error?.message.contains("adapter_config.json") == true)
    }

    @Test func inTheHubsCache() async throws {
        let (copy, recorded) = try pair("plain")
        let repository = copy.parent.appending(
            path: "cache/models--somebody--\(recorded.checkpoint)")
        for folder in ["refs", "snapshots"] {
            try FileManager.default.createDirectory(
                at: repository.appending(path: folder), withIntermediateDirectories: true)
        }
        try Data("0123abcd".utf8).write(to: repository.appending(path: "refs/main"))
        try FileManager.default.moveItem(
            at: copy.parent.appending(path: recorded.checkpoint),
            to: repository.appending(path: "snapshots/0123abcd"))
        let error = #expect(throws: BlipError.self) { try BlipModel(folder: copy.folder) }
        #expect(error?.message.contains("blip pull somebody/\(recorded.checkpoint)") == true)
        let cache = copy.parent.appending(path: "cache")
        try await compare(
            BlipModel(folder: copy.folder, options: options(modelCache: cache)), recorded)
        #expect(try BlipModel.tasks(of: copy.folder, modelCache: cache) == [.caption])
    }

    /// A command in a message is pasted into a shell.
    @Test(arguments: ["x/y;reboot", "x/$(reboot)", "x/y\\nreboot", "--force/y", "x/`reboot`"])
    func foreignNamesMakeNoCommand(base: String) throws {
        let copy = try CheckpointCopy("adapters/plain", as: "adapter")
        let file = copy.folder.appending(path: "adapter_config.json")
        let configuration = try String(contentsOf: file, encoding: .utf8)
        let changed = configuration.replacing("somebody/caption-untied-missing", with: base)
        #expect(changed != configuration)
        try Data(changed.utf8).write(to: file)
        let error = #expect(throws: BlipError.self) { try BlipModel(folder: copy.folder) }
        #expect(error?.message.contains("blip pull") == false)
    }

    @Test func inTheModelsFolder() async throws {
        let (copy, recorded) = try pair("plain")
        let base = copy.parent.appending(path: recorded.checkpoint)
        for name in ["adapter_config.json", "adapter_model.safetensors"] {
            try FileManager.default.moveItem(
                at: copy.folder.appending(path: name), to: base.appending(path: name))
        }
        try await compare(BlipModel(folder: base, options: options()), recorded)
    }

    /// The adapter changes the vision model too, which f16 alone changes far less.
    @Test func converted() async throws {
        let (copy, recorded) = try pair("plain")
        let out = copy.parent.appending(path: "converted")
        _ = try BlipConverter(checkpoint: copy.folder).write(to: out)
        let base = copy.parent.appending(path: recorded.checkpoint)
        let photo = try Picture(
            contentsOf: Record.fixtures.appending(path: "photos/chelsea.jpg"))
        var found: [[Float]] = []
        for folder in [copy.folder, out, base] {
            let model = try BlipModel(folder: folder, options: options())
            found.append(try await model.embeddings(of: model.encode(photo)))
        }
        let distances = found.map { zip(found[0], $0).map { abs($0 - $1) }.max() ?? 0 }
        #expect(distances[1] < 0.1 * distances[2], "\(distances)")
    }

    /// What an adapter's folder lacks is its model's, wherever that is.
    @Test func filesOfTheModel() throws {
        let (copy, recorded) = try pair("plain")
        let base = copy.parent.appending(path: recorded.checkpoint)
        let files = try BlipConverter(checkpoint: copy.folder).files
        for folder in [files.configuration, files.pictures, files.tokenizer] {
            #expect(folder.standardizedFileURL.path == base.standardizedFileURL.path)
        }
    }

    /// Compiled models of a cache are told apart by what was merged into their weights.
    @Test func compiledApart() async throws {
        let (copy, recorded) = try pair("words")
        let cache = copy.parent.appending(path: "compiled")
        try await compare(BlipModel(folder: copy.folder, options: options(cache: cache)), recorded)
        let file = copy.folder.appending(path: "adapter_config.json")
        let configuration = try String(contentsOf: file, encoding: .utf8)
        try Data(configuration.replacing("\"lora_alpha\": 12", with: "\"lora_alpha\": 0").utf8)
            .write(to: file)
        let base = copy.parent.appending(path: recorded.checkpoint)
        let photo = Record.fixtures.appending(path: "photos/chelsea.jpg")
        var captions: [[Int]] = []
        for folder in [copy.folder, base] {
            let model = try BlipModel(folder: folder, options: options(cache: cache))
            let image = try await model.encode(Picture(contentsOf: photo))
            captions.append(try await model.caption(image).tokenIDs)
        }
        #expect(captions[0] == captions[1])
        #expect(captions[0] != recorded.captions["chelsea.jpg"])
    }

    @Test(arguments: [
        (#""peft_type": "LORA""#, #""peft_type": "IA3""#, "IA3"),
        (#""use_dora": false"#, #""use_dora": true"#, "use_dora"),
        (#""init_lora_weights": true"#, #""init_lora_weights": "pissa""#, "init_lora_weights"),
        (#""layer_replication": null"#, #""layer_replication": [[0, 1]]"#, "layer_replication"),
        (#""alpha_pattern": {}"#, #""alpha_pattern": {"(a+)+b": 1}"#, "(a+)+b"),
        (#""alpha_pattern": {}"#, #""alpha_pattern": {"query": 1, "self.query": 2}"#, "several"),
        (#""alpha_pattern": {}"#, #""alpha_pattern": {"query": 1, "fc1": 1}"#, "fc1"),
        (#""alpha_pattern": {}"#, #""alpha_pattern": {"^query": 1}"#, "^query"),
        (#""peft_type": "LORA""#, #""peft_type": 1"#, "adapter_config.json"),
    ])
    func namedWhereNotMerged(setting: String, other: String, naming: String) throws {
        let (copy, _) = try pair("plain")
        let file = copy.folder.appending(path: "adapter_config.json")
        let configuration = try String(contentsOf: file, encoding: .utf8)
        #expect(configuration.contains(setting))
        try Data(configuration.replacing(setting, with: other).utf8).write(to: file)
        let error = #expect(throws: BlipError.self) { try BlipModel(folder: copy.folder) }
        #expect(error?.message.contains(naming) == true, "\(error?.message ?? "")")
    }

    /// A pattern is of the names that peft saw, which may be those of a model around the model.
    @Test func patternsOfAModelAround() async throws {
        let (copy, recorded) = try pair("plain")
        let weights = copy.folder.appending(path: "adapter_model.safetensors")
        var contents = try SafetensorsFile(contentsOf: weights)
        let outermost = "base_model.model."
        let modules = Set(
            contents.tensors.keys.compactMap { name in
                name.dropFirst(outermost.count).split(separator: ".lora_").first
            })
        contents.tensors.rename { $0.replacing(outermost, with: "\(outermost)blip.") }
        try contents.write(to: weights)
        let file = copy.folder.appending(path: "adapter_config.json")
        let configuration = try String(contentsOf: file, encoding: .utf8)
        let patterns = modules.map { "\"^blip.\($0)\": 16" }.joined(separator: ", ")
        let changed =
            configuration
            .replacing("\"lora_alpha\": 16", with: "\"lora_alpha\": 1")
            .replacing("\"alpha_pattern\": {}", with: "\"alpha_pattern\": {\(patterns)}")
        #expect(changed != configuration)
        try Data(changed.utf8).write(to: file)
        try await compare(BlipModel(folder: copy.folder, options: options()), recorded)
    }

    /// By Python: `re.match(rf"(.*\.)?({key})$", module)`.
    @Test(arguments: [
        ("query", "query", true), ("query", "self.query", true), ("query", "selfquery", false),
        ("self.query", "a.self.query", true), ("self.query", "a.self_query", true),
        ("^query", "query", true), ("^query", "self.query", false),
        ("^self.query", "self.query", true), ("", "query", false), ("a.b.c", "b.c", false),
    ])
    func patterns(key: String, module: String, isMatch: Bool) throws {
        #expect(try #require(ModulePattern(key)).matches(module) == isMatch)
    }

    @Test(arguments: ["magnitude", "shape", "half", "module", "two"])
    func adaptersOfAnotherModel(damage: String) throws {
        let (copy, _) = try pair("plain")
        let file = copy.folder.appending(path: "adapter_model.safetensors")
        var contents = try SafetensorsFile(contentsOf: file)
        let name = try #require(contents.tensors.keys.sorted().first)
        let tensor = try #require(contents.tensors[name])
        let other =
            switch damage {
            case "magnitude": name.replacing("lora_A", with: "lora_magnitude_vector")
            case "module": name.replacing("text_decoder", with: "text_encoder")
            case "two": name.replacing("lora_A", with: "lora_A.second")
            default: name
            }
        contents.tensors[name] = nil
        var changed = tensor
        if damage == "shape" { changed.shape = [tensor.shape.reduce(1, *), 1] }
        if damage != "half" { contents.tensors[other] = changed }
        if damage == "two" {
            contents.tensors[name.replacing("lora_A", with: "lora_A.first")] = tensor
        }
        try contents.write(to: file)
        let error = #expect(throws: BlipError.self) { try BlipModel(folder: copy.folder) }
        #expect(error?.message.contains("dapter") == true, "\(error?.message ?? "")")
    }

    /// Whatever such files say, they are read or refused, and nothing traps.
    @Test func damagedFiles() throws {
        let (copy, _) = try pair("plain")
        var generator = SplitMix(state: 3)
        for name in ["adapter_config.json", "adapter_model.safetensors"] {
            let file = copy.folder.appending(path: name)
            let whole = try Data(contentsOf: file)
            // Of a file of tensors, the header.
            let reach = name.hasSuffix("json") ? whole.count : 4_000
            for _ in 0..<150 {
                var data = whole
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let place = Int.random(in: 0..<min(reach, data.count), using: &generator)
                    data[place] = UInt8.random(in: 0x20...0x7E, using: &generator)
                }
                try data.write(to: file)
                _ = try? BlipModel.tasks(of: copy.folder)
            }
            try whole.write(to: file)
        }
        #expect(try BlipModel.tasks(of: copy.folder) == [.caption])
    }

    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            let value = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            return value ^ value >> 27
        }
    }
}
