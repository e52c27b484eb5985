import Foundation
import Testing

// What is measured is positive; no test asks how long anything took.
@Suite("blip bench", .serialized)
struct BenchTests {
    @Test func theDemoModelAsJSONAndAsAPage() async throws {
        let folder = try TemporaryFolder()
        let report = folder.path("speed.html")
        let result = try await BlipProgram.run(
            "bench", "--quick", "--json", "--report", report, "--cache-dir", folder.path("cache"))
        #expect(result.status == 0)
        #expect(result.errors.isEmpty, "\(result.errors)")
        let objects = try result.objects()
        try expectDocumented(objects)
        let machine = try #require(objects.first)
        #expect(machine["table"] as? String == "machine")
        #expect(
            Set(machine.keys).subtracting(["fast_cores", "memory_nodes", "processor_quota"])
                .sorted() == [
                    "batch", "computes_in", "cores", "date", "device", "device_name",
                    "load_average", "model",
                    "openvino", "physical_cores", "precision", "processor", "program", "runs_on",
                    "system", "table",
                ])
        let rows = measured(objects)
        try expectWellFormed(rows)
        #expect(rows.contains { $0["measure"] as? String == "process start" })
        #expect(
            Set(rows.compactMap { $0["table"] as? String }).isSuperset(of: [
                "load", "caption", "answer", "match", "batch", "length", "beams", "questions",
                "picture_size", "memory",
            ]))
        // The cache was empty, and held everything from then on.
        let cached = { (measure: String) in
            rows.first { $0["measure"] as? String == measure }?["from_cache"] as? Bool
        }
        #expect(cached("first load") == false)
        // At f32 the text models of 16-bit weights are kept by no cache.
        #expect(cached("load again") == (machine["computes_in"] as? String != "f32"))
        #expect(cached("load without cache") == false)
        let batches = rows.filter { $0["measure"] as? String == "batch" }
        #expect(batches.compactMap { $0["at"] as? Double } == [1, 2])
        #expect(batches.allSatisfy { $0["at_unit"] as? String == "pictures" })

        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
                == ["cache", "speed.html"])
        let page = try ReportPage(report)
        #expect(page.elements["table"] ?? 0 >= 10)
        #expect(page.elements["svg"] == nil, "two points a series show no growth")
        #expect(!page.text.contains("dashed line"))
        #expect(page.text.contains("demo (embedded)"))
        #expect(page.text.contains("OpenVINO"))
    }

    @Test func aCaptioningModelWithANameThatMustBeEscaped() async throws {
        let folder = try TemporaryFolder()
        let name = "<b>\"fish\" & 'chips'</b>"
        // The slash of the closing tag makes it a folder in a folder.
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "<b>\"fish\" & 'chips'<"),
            withIntermediateDirectories: true)
        let model = try folder.copy(Repository.checkpoint("caption-f16"), as: name)
        let report = folder.path("page.html")
        let result = try await BlipProgram.run(
            "bench", "--quick", "--runs", "1", "--tokens", "3", "--no-cache", "--model", model,
            "--images", Repository.photo(""), "--report", report)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("Pictures in a batch"))
        #expect(!result.output.contains("Questions"), "this checkpoint only captions")
        #expect(!result.output.contains("load without cache"), "none of its loads has one")
        let page = try ReportPage(report)
        #expect(page.elements["b"] == nil)
        #expect(page.text.contains(name))
    }

    @Test func aMatchingModelIsMeasuredToo() async throws {
        let result = try await BlipProgram.run(
            "bench", "--quick", "--runs", "1", "--no-cache", "--json", "--device", "CPU",
            "--threads", "1", "--model", Repository.checkpoint("itm-f32"))
        #expect(result.status == 0, "\(result.errors)")
        let rows = measured(try result.objects())
        try expectWellFormed(rows)
        #expect(
            Set(rows.compactMap { $0["table"] as? String })
                == ["load", "match", "batch", "picture_size", "cores", "memory"])
    }

    @Test func whatIsRefused() async throws {
        let folder = try TemporaryFolder()
        let device = try await BlipProgram.run("bench", "--quick", "--device", "GPU.7")
        #expect(device.status == 69)
        #expect(device.errors.contains("GPU.7"))
        let place = try await BlipProgram.run("bench", "--report", folder.path("no/where.html"))
        #expect(place.status == 73)
        #expect(place.output.isEmpty, "nothing runs for a report that cannot be written")
        #expect(place.errors.contains("where.html"))
        let report = try await BlipProgram.run("bench", "--report", folder.url.path)
        #expect(report.status == 64)
        let images = try await BlipProgram.run("bench", "--images", folder.url.path)
        #expect(images.status == 64)
        #expect(images.errors.contains("holds no picture"))
        let tokens = try await BlipProgram.run("bench", "--tokens", "64")
        #expect(tokens.status == 64)
        #expect(tokens.errors.contains("64 tokens"))
        #expect(try await BlipProgram.run("bench", "--runs", "0").status == 64)
    }

    /// Without the machine, and without warnings that it was busy.
    private func measured(_ objects: [[String: any Sendable]]) -> [[String: any Sendable]] {
        objects.filter { !["machine", "warning"].contains($0["table"] as? String) }
    }

    private func expectWellFormed(_ rows: [[String: any Sendable]]) throws {
        let keys: Set = ["table", "measure", "unit", "median", "fastest", "slowest", "runs"]
        for row in rows {
            #expect(keys.subtracting(row.keys).isEmpty, "\(row)")
            #expect(
                Set(row.keys).subtracting(keys).isSubset(of: ["at", "at_unit", "from_cache"]),
                "\(row)")
            let median = try #require(row["median"] as? Double)
            let fastest = try #require(row["fastest"] as? Double)
            let slowest = try #require(row["slowest"] as? Double)
            #expect(min(median, fastest, slowest) > 0, "\(row)")
            let isRate = row["unit"] as? String == "1/s"
            #expect(isRate ? fastest >= median : fastest <= median, "\(row)")
            #expect(isRate ? slowest <= median : slowest >= median, "\(row)")
            #expect(try #require(row["runs"] as? Int) >= 1)
        }
        let identities = rows.map { row in
            ["table", "measure", "at"].map { "\(String(describing: row[$0]))" }
        }
        #expect(Set(identities).count == rows.count, "each row can be named")
    }
}
