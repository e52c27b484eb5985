import Foundation
import Testing

@Suite("blip caption and blip ask")
struct CaptionAndAskTests {
    private let model = Repository.checkpoint("all-tasks")

    @Test func captionAsJSON() async throws {
        let photo = Repository.photo("astronaut.png")
        let result = try await BlipProgram.run(
            "caption", photo, "--model", model, "--precision", "f32", "--json")
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        let object = try #require(try result.objects().first)
        #expect(object.keys.sorted() == ["caption", "image", "score", "timing", "token_ids"])
        #expect(object["image"] as? String == photo)
        #expect(try object["token_ids"] as? [Int] == recordedCaption(of: "photos/astronaut.png"))
        let timing = try #require(object["timing"] as? [String: Double])
        #expect(
            timing.keys.sorted() == ["decode", "load", "preprocess", "text", "total", "vision"])
    }

    /// What transformers' own run gave.
    private func recordedCaption(of photo: String) throws -> [Int]? {
        struct Record: Decodable {
            struct Text: Decodable { let ids: [Int] }
            struct Photo: Decodable {
                let photo: String
                let captions: [String: Text]
            }
            let photos: [Photo]
        }
        let file = Repository.fixtures.appending(path: "records/all-tasks.json")
        let record = try JSONDecoder().decode(Record.self, from: Data(contentsOf: file))
        return record.photos.first { $0.photo == photo }?.captions["default"]?.ids
    }

    @Test func aFolderWithBadPicturesStillRuns() async throws {
        let folder = try TemporaryFolder()
        let good = try folder.copy(Repository.photo("china.jpg"), as: "a.jpg")
        let text = try folder.write("not a picture".utf8, to: "b.png")
        let empty = try folder.write([], to: "c.png")
        let last = try folder.copy(Repository.photo("flower.jpg"), as: "d.jpg")
        let missing = folder.path("missing.png")
        let result = try await BlipProgram.run(
            "caption", folder.url.path, missing, "--model", model, "--json")
        #expect(result.status == 1)
        let objects = try result.objects()
        #expect(objects.map { $0["image"] as? String } == [good, text, empty, last, missing])
        #expect(objects.map { $0["error"] == nil } == [true, false, false, true, false])
        #expect(result.errors.split(separator: "\n").count == 3)
        let loads = objects.compactMap { ($0["timing"] as? [String: Double])?["load"] }
        #expect(loads.count == 1, "only the first line tells what loading took")
    }

    @Test func severalCaptions() async throws {
        let result = try await BlipProgram.run(
            "caption", Repository.photo("china.jpg"), "--model", model, "--beams", "4", "--count",
            "3", "--json")
        #expect(result.status == 0)
        let captions = try result.objects().compactMap { $0["token_ids"] as? [Int] }
        #expect(captions.count == 3)
        #expect(Set(captions).count == 3)
        let tooMany = try await BlipProgram.run(
            "caption", Repository.photo("china.jpg"), "--model", model, "--count", "2")
        #expect(tooMany.status == 64)
    }

    @Test func severalQuestionsLookOnce() async throws {
        let result = try await BlipProgram.run(
            "ask", Repository.photo("coffee.png"), "What color is the cup", "how many dogs?",
            "--model", model, "--caption", "--json")
        #expect(result.status == 0)
        let objects = try result.objects()
        #expect(objects.count == 3)
        #expect(objects[0]["caption"] is String)
        #expect(objects[1]["question"] as? String == "What color is the cup")
        #expect(
            objects[2].keys.sorted()
                == ["answer", "image", "question", "score", "timing", "token_ids"])
        let later = try #require(objects[2]["timing"] as? [String: Double])
        #expect(later["preprocess"] == 0)
    }

    @Test func aQuestionThatIsTooLongStopsNoOther() async throws {
        let long = "how many " + String(repeating: "dogs and ", count: 40) + "cats?"
        let ask = ["ask", Repository.photo("coffee.png"), "--model", model, "--json"]
        let some = try await BlipProgram.run(ask + ["what is it?", long, "where is it?"])
        #expect(some.status == 1)
        let objects = try some.objects()
        #expect(
            objects.map { $0["question"] as? String } == [long, "what is it?", "where is it?"])
        #expect(objects.map { $0["answer"] is String } == [false, true, true])
        #expect((objects[0]["error"] as? String)?.contains("too long") == true)
        #expect(some.errors.split(separator: "\n").count == 1, "\(some.errors)")
        #expect(some.errors.contains("\"how many dogs"), "\(some.errors)")
        let none = try await BlipProgram.run(ask + [long])
        #expect(none.status == 64)
        #expect(none.output.isEmpty)
    }

    @Test func standardInputAndLists() async throws {
        let photo = Repository.photo("rocket.png")
        let bytes = try Data(contentsOf: URL(filePath: photo))
        let piped = try await BlipProgram.run(
            "caption", "-", "--model", model, input: [UInt8](bytes))
        let named = try await BlipProgram.run("caption", photo, "--model", model)
        #expect(piped.status == 0)
        #expect(piped.output == named.output)

        let folder = try TemporaryFolder()
        let list = try folder.write("\(photo)\n\n\(photo)\r\n".utf8, to: "list.txt")
        let listed = try await BlipProgram.run("caption", "@\(list)", "--model", model)
        #expect(listed.output.split(separator: "\n").count == 2)
        #expect(listed.output.hasPrefix("\(photo): "))
    }

    @Test func figure() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path("figure.jpg")
        let result = try await BlipProgram.run(
            "ask", Repository.photo("chelsea.jpg"), "where is it?", "--caption", "--model", model,
            "--annotate", file)
        #expect(result.status == 0)
        #expect(try Data(contentsOf: URL(filePath: file)).starts(with: [0xFF, 0xD8]))
        // Over the picture itself, or two figures in one place: nothing is overwritten.
        let photo = try folder.copy(Repository.photo("chelsea.jpg"), as: "mine.jpg")
        let before = try Data(contentsOf: URL(filePath: photo))
        let over = try await BlipProgram.run(
            "caption", photo, "--model", model, "--annotate", photo)
        #expect(over.status == 64)
        let twice = try await BlipProgram.run(
            "caption", photo, photo, "--model", model, "--annotate", folder.url.path)
        #expect(twice.status == 64)
        let beside = try await BlipProgram.run(
            "caption", photo, "--model", model, "--annotate", folder.url.path)
        #expect(beside.status == 0)
        #expect(try Data(contentsOf: URL(filePath: photo)) == before)
        // What cannot be written is told before the model runs.
        for (name, status) in [("figure.doc", 64), ("nowhere/figure.jpg", 73)] as [(String, Int32)]
        {
            let refused = try await BlipProgram.run(
                "caption", photo, "--model", model, "--json", "--annotate", folder.path(name))
            #expect(refused.status == status, "\(refused.errors)")
            #expect(refused.output.isEmpty)
            #expect(refused.errors.contains(name.split(separator: "/").last ?? ""))
        }
    }

    @Test func figuresThatCannotBeWritten() async throws {
        let folder = try TemporaryFolder()
        let long = String(repeating: "n", count: 251) + ".jpg"
        let photo = try folder.copy(Repository.photo("china.jpg"), as: long)
        let other = try folder.copy(Repository.photo("china.jpg"), as: "m" + long.dropFirst())
        let figures = folder.path("figures")
        try FileManager.default.createDirectory(atPath: figures, withIntermediateDirectories: true)
        let named = try await BlipProgram.run(
            "caption", photo, other, "--model", model, "--annotate", figures)
        #expect(named.status == 0, "\(named.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: figures).count == 2)
        // No room, as on a full disk: all are captioned, and the status tells.
        let full = try await BlipProgram.shell(
            """
            trap '' XFSZ; ulimit -f 1
            exec "$BLIP" caption "$1" "$2" --model "$3" --no-cache --annotate "$4"
            """, photo, other, model, figures)
        #expect(full.status == 73, "\(full.errors)")
        #expect(full.output.split(separator: "\n").count == 2)
        #expect(full.errors.split(separator: "\n").count == 2)
    }

    /// One that the model's preprocessing would make too wide is its own error.
    @Test func aPictureThatCannotBeResized() async throws {
        let folder = try TemporaryFolder()
        let copy = try folder.copy(model, as: "model")
        let settings = URL(filePath: copy).appending(path: "preprocessor_config.json")
        let text = try String(contentsOf: settings, encoding: .utf8)
        let sizes = [
            "\"size\": {\"shortest_edge\": 96}",
            "\"do_center_crop\": true, \"crop_size\": {\"height\": 96, \"width\": 96}",
        ]
        try text.replacing(/"size": \{[^}]*\}/, with: sizes.joined(separator: ", "))
            .write(to: settings, atomically: true, encoding: .utf8)
        let wide = try folder.write(greyTIFF(width: 20_000), to: "wide.tif")
        let result = try await BlipProgram.run(
            "caption", Repository.photo("china.jpg"), wide, Repository.photo("flower.jpg"),
            "--model", copy, "--json")
        #expect(result.status == 1)
        #expect(try result.objects().map { $0["error"] == nil } == [true, false, true])
        #expect(
            result.errors.contains("\(wide): A picture cannot be resized to 1920000 × 96"),
            "\(result.errors)")
    }

    /// A row of grey pixels.
    private func greyTIFF(width: UInt32) -> [UInt8] {
        let entries: [(tag: UInt16, value: UInt32)] = [
            (256, width), (257, 1), (258, 8), (259, 1), (262, 1), (273, 122), (277, 1), (278, 1),
            (279, width),
        ]
        let little = { (value: UInt32, count: Int) in
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        // Header, directory, pixels; each entry is a 4-byte number.
        let header = Array("II*\0".utf8) + little(8, 4) + little(UInt32(entries.count), 2)
        let directory = entries.flatMap {
            little(UInt32($0.tag), 2) + little(4, 2) + little(1, 4) + little($0.value, 4)
        }
        return header + directory + little(0, 4) + [UInt8](repeating: 9, count: Int(width))
    }

    @Test func aClosedListIsRanked() async throws {
        let photo = Repository.photo("coffee.png")
        let answers = ["red", "two dogs", "a cup"]
        let ask = ["ask", photo, "what is it?", "--model", model, "--answers"]
        let list = answers.joined(separator: ", ")
        let result = try await BlipProgram.run(ask + [list, "--json"])
        #expect(result.status == 0, "\(result.errors)")
        let object = try #require(try result.objects().first)
        #expect(
            object.keys.sorted()
                == ["answer", "image", "question", "ranking", "score", "timing", "token_ids"])
        #expect(object["score"] is NSNull)
        let ranking = try #require(object["ranking"] as? [[String: any Sendable]])
        #expect(ranking.compactMap { $0["answer"] as? String }.sorted() == answers.sorted())
        #expect(object["answer"] as? String == ranking.first?["answer"] as? String)
        let scores = ranking.compactMap { $0["score"] as? Double }
        #expect(scores.count == answers.count && scores == scores.sorted(by: >))

        // Nothing is written, so nothing says how.
        #expect(try await BlipProgram.run(ask + [list, "--beams", "3"]).status == 64)
        #expect(try await BlipProgram.run(ask + [list, "--caption", "--beams", "3"]).status == 0)
        #expect(try await BlipProgram.run(ask + [", "]).status == 64)
    }

    @Test(arguments: ["HOME", "XDG_CACHE_HOME"])
    func compiledModelsAreKeptInTheUsersCache(variable: String) async throws {
        let folder = try TemporaryFolder()
        let result = try await BlipProgram.run(
            ["caption", Repository.photo("china.jpg"), "--model", model],
            environment: [variable: folder.url.path])
        #expect(result.status == 0)
        let cache = variable == "HOME" ? ".cache/swift-blip/compiled" : "swift-blip/compiled"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(cache))
        #expect(names.contains { $0.hasPrefix("swift-blip-") })
    }

    @Test func matching() async throws {
        let result = try await BlipProgram.run(
            "match", Repository.photo("chelsea.jpg"), "a cat looking at a flower", "a rocket",
            "--model", model, "--precision", "f32", "--json")
        #expect(result.status == 0)
        let objects = try result.objects()
        #expect(objects.count == 2)
        #expect(
            objects[0].keys.sorted()
                == ["image", "match_probability", "similarity", "text", "timing"])
        let probability = try #require(objects[0]["match_probability"] as? Double)
        #expect((0...1).contains(probability))
    }

    @Test func theDemoModelIsTheDefault() async throws {
        let result = try await BlipProgram.run(
            "caption", Repository.photo("chelsea.jpg"), "--no-cache")
        #expect(result.status == 0)
        #expect(!result.output.isEmpty)
    }
}
