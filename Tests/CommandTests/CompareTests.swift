import Foundation
import Testing

@Suite("blip compare", .serialized)
struct CompareTests {
    private let samples = Repository.root.appending(path: "Samples").path

    @Test func theDemoModelAndItsInt8Form() async throws {
        let folder = try TemporaryFolder()
        let int8 = folder.path("demo-int8")
        let converted = try await BlipProgram.run(
            "convert", "demo", "--out", int8, "--weights", "int8")
        #expect(converted.status == 0, "\(converted.errors)")
        let report = folder.path("page.html")
        let result = try await BlipProgram.run(
            "compare", "demo", int8, samples, "--precision", "f32", "--json", "--report", report,
            "--questions", "is there a dog?", "how many are there?", "--texts", "four dogs",
            "two cats", "a house")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.isEmpty, "\(result.errors)")
        try expectDocumented(result.objects())
        let rows = Dictionary(grouping: try result.objects()) { $0["table"] as? String ?? "" }
        #expect(
            rows.keys.sorted() == ["agreement", "cost", "layers", "machine", "matches", "pictures"]
        )
        #expect(rows["machine"]?.map { $0["model"] as? String } == ["demo", int8])

        let agreement = try #require(rows["agreement"])
        #expect(
            agreement.map { $0["measure"] as? String } == [
                "captions", "caption_tokens", "answers", "answer_tokens", "matches",
            ])
        #expect(agreement[0]["count"] as? Int == 4)
        #expect(agreement[2]["count"] as? Int == 8)
        #expect(agreement[4]["count"] as? Int == 12)
        // The samples are what the model knows best: int8 weights change little of it.
        #expect(agreement.allSatisfy { $0["share"] as? Double ?? 0 >= 0.5 })

        let matches = try #require(rows["matches"])
        #expect(matches.map { $0["text"] as? String } == ["four dogs", "two cats", "a house"])
        for row in matches {
            let mean = try #require(row["mean_difference"] as? Double)
            let largest = try #require(row["largest_difference"] as? Double)
            #expect(mean <= largest && largest < 0.5, "\(row)")
        }

        let layers = try #require(rows["layers"])
        #expect(layers.first?["name"] as? String == "layer.0")
        #expect(
            layers.suffix(2).map { $0["name"] as? String }
                == ["image_embeddings", "image_projection"])
        for layer in layers {
            let mean = try #require(layer["mean_cosine"] as? Double)
            let lowest = try #require(layer["lowest_cosine"] as? Double)
            #expect(mean > 0.98 && mean < 1 && lowest <= mean, "\(layer)")
        }
        let cost = try #require(rows["cost"])
        #expect(cost[0]["measure"] as? String == "size on disk")
        #expect(cost[0]["ratio"] as? Double ?? 1 < 0.8)
        #expect(cost.allSatisfy { $0["a"] as? Double ?? 0 > 0 && $0["b"] as? Double ?? 0 > 0 })
        let pictures = try #require(rows["pictures"])
        #expect(pictures.count == 4)
        #expect((pictures[0]["answers"] as? [[String: any Sendable]])?.count == 2)
        let probabilities = try #require(pictures[0]["matches"] as? [[String: any Sendable]])
        #expect(
            probabilities.map { $0.keys.sorted() }
                == .init(repeating: ["a", "b", "text"], count: 3))
        #expect(pictures.allSatisfy { ($0["caption_a"] as? String)?.isEmpty == false })

        let page = try ReportPage(report)
        #expect(page.elements["img"] == 4)
        #expect(page.elements["svg"] == 1)
        #expect(page.text.contains("four-dogs.png"))
    }

    @Test func aModelAndItselfAreTheSame() async throws {
        let result = try await BlipProgram.run(
            "compare", "demo", "demo", samples, "--no-cache", "--limit", "2", "--precision",
            "f32", "--precision-b", "f32")
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.output.split(separator: "\n")
        #expect(lines.contains { $0.contains("captions") && $0.contains("2   2  100.0 %") })
        #expect(lines.contains { $0.contains("image embeddings  ") && $0.hasSuffix(" 0") })
        #expect(!result.output.contains("Other words"))
    }

    @Test func anotherPrecision() async throws {
        let result = try await BlipProgram.run(
            "compare", "demo", "demo", samples, "--no-cache", "--limit", "1", "--device", "CPU",
            "--precision", "f32", "--precision-b", "bf16")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("A  demo (f32, CPU)\n"))
        // Processors without bf16 compute in f32, and then nothing differs.
        let differs = result.output.contains("B  demo (bf16, CPU)\n")
        #expect(result.output.contains(/image embeddings +[0-9.]+·10⁻/) == differs)
    }

    /// Neither captions nor answers.
    @Test func aModelThatOnlyMatches() async throws {
        let itm = Repository.checkpoint("itm-f32")
        let folder = try TemporaryFolder()
        let half = folder.path("half")
        #expect(try await BlipProgram.run("convert", itm, "--out", half).status == 0)
        let result = try await BlipProgram.run(
            "compare", itm, half, Repository.fixtures.appending(path: "photos").path, "--no-cache",
            "--json", "--limit", "2")
        #expect(result.status == 0, "\(result.errors)")
        let rows = Dictionary(grouping: try result.objects()) { $0["table"] as? String ?? "" }
        #expect(
            rows.keys.sorted() == ["agreement", "cost", "layers", "machine", "matches", "pictures"]
        )
        #expect(rows["agreement"]?.map { $0["measure"] as? String } == ["matches"])
        // Without --texts, eight common ones, each for both pictures.
        #expect(rows["matches"]?.map { $0["count"] as? Int } == .init(repeating: 2, count: 8))
    }

    @Test func badInput() async throws {
        let folder = try TemporaryFolder()
        func expectOneSentence(
            _ arguments: (String, String, String), status: Int32 = 64, naming: String,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let result = try await BlipProgram.run(
                "compare", arguments.0, arguments.1, arguments.2, "--no-cache")
            #expect(result.status == status, "\(result.errors)", sourceLocation: sourceLocation)
            #expect(result.output.isEmpty, sourceLocation: sourceLocation)
            let lines = result.errors.split(separator: "\n")
            #expect(lines.count == 1, "\(result.errors)", sourceLocation: sourceLocation)
            #expect(
                result.errors.contains(naming), "\(result.errors)", sourceLocation: sourceLocation)
        }
        let vqa = Repository.checkpoint("vqa-f32")
        try await expectOneSentence(
            (vqa, Repository.checkpoint("itm-f32"), samples), naming: "can caption, answer")
        try await expectOneSentence(
            (
                Repository.checkpoint("patch8-image64"), Repository.checkpoint("patch32-image96"),
                samples
            ), naming: "cuts them into patches of 8")
        try await expectOneSentence((vqa, vqa, folder.url.path), naming: "holds no pictures")
        try await expectOneSentence((vqa, vqa, folder.path("nowhere")), naming: "is no folder")
        try await expectOneSentence(
            (vqa, "/nowhere/at-all", samples), status: 66, naming: "/nowhere/at-all")
    }

    @Test func unreadablePictures() async throws {
        let folder = try TemporaryFolder()
        try folder.write("no picture".utf8, to: "a.png")
        let none = try await BlipProgram.run("compare", "demo", "demo", folder.url.path)
        #expect(none.status == 1)
        #expect(none.output.isEmpty)
        #expect(none.errors.contains("None of the 1 pictures"))
        _ = try folder.copy("\(samples)/four-dogs.png", as: "b.png")
        let some = try await BlipProgram.run(
            "compare", "demo", "demo", folder.url.path, "--questions", "is there a dog?")
        #expect(some.status == 1)
        #expect(some.output.contains("1 pictures"))
        #expect(some.errors.split(separator: "\n").count == 1, "told of once: \(some.errors)")
    }
}
