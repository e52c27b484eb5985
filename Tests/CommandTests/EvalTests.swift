import Foundation
import Testing

import BLIP
import BlipCommandSupport

@Suite("blip eval scores the demo model")
struct EvalTests {
    @Test func captionsAndResume() async throws {
        let data = try DataSet()
        let results = data.folder.path("run.jsonl")
        let first = try await BlipProgram.run(
            "eval", "captions", data.captions, data.pictures, "--results", results, "--json")
        #expect(first.status == 0, "\(first.errors)")
        let rows = try first.objects()
        #expect(
            rows.map { $0["metric"] as? String }
                == ["BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "ROUGE-L", "CIDEr"])
        #expect(rows.allSatisfy { $0["count"] as? Int == 4 })
        // Much of the references is what the model says of its own samples.
        #expect(rows.first?["score"] as? Double ?? 0 > 0.5)

        // What is finished is not run again: a caption that was changed stays.
        let lines = try String(contentsOfFile: results, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[0].hasPrefix("{\"eval\":\"captions\""))
        let changed = lines[1].replacing(/"caption":"[^"]*"/, with: "\"caption\":\"zzz\"")
        let kept = "\(lines[0])\n\(changed)\n\(lines[2])\n"
        // A half-written last line is dropped, and its picture runs again.
        try Data((kept + lines[3].prefix(20)).utf8).write(to: URL(filePath: results))
        let second = try await BlipProgram.run(
            "eval", "captions", data.captions, data.pictures, "--results", results, "--json")
        #expect(second.status == 0, "\(second.errors)")
        let resumed = try String(contentsOfFile: results, encoding: .utf8)
        #expect(resumed == kept + "\(lines[3])\n\(lines[4])\n")
        let rouge = try second.objects()[4]["score"] as? Double
        #expect(rouge ?? 1 < rows[4]["score"] as? Double ?? 0, "the changed caption counts")

        let table = try await BlipProgram.run(
            "eval", "captions", data.captions, data.pictures, "--results", results, "--limit", "3")
        #expect(table.output.split(separator: "\n").count == 7)
        #expect(table.output.contains("CIDEr"))
        #expect(try String(contentsOfFile: results, encoding: .utf8) == resumed)
    }

    @Test func pagesShowThePictures() async throws {
        let data = try DataSet()
        let report = data.folder.path("page.html")
        for (arguments, words) in [
            (["captions", data.captions, data.pictures], "four dogs on a green background"),
            (["vqa", data.questions, data.answers, data.numbered], "how many pigs are there?"),
            (["retrieval", data.captions, data.pictures], "found at 1"),
        ] {
            let result = try await BlipProgram.run(
                ["eval"] + arguments + ["--report", report])
            #expect(result.status == 0, "\(result.errors)")
            let page = try ReportPage(report)
            #expect(page.elements["img"] == (arguments[0] == "vqa" ? 3 : 4))
            #expect(page.text.contains(words), "\(arguments)")
            #expect(page.text.contains("people"))
            #expect(!page.text.contains("Lowest scores"), "four are all that there are")
            #expect(page.text.contains("AUTO → CPU"), "what ran, not only what was asked for")
        }
    }

    @Test func replacedWeightsAreNoticed() async throws {
        let data = try DataSet()
        let results = data.folder.path("run.jsonl")
        let model = try data.folder.copy(Repository.checkpoint("caption-f16"), as: "model")
        let arguments = [
            "eval", "captions", data.captions, data.pictures, "--results", results, "--limit", "1",
            "--model", model,
        ]
        #expect(try await BlipProgram.run(arguments).status == 0)
        #expect(try await BlipProgram.run(arguments).status == 0)
        let weights = URL(filePath: model + "/model.safetensors")
        var bytes = try Data(contentsOf: weights)
        for index in bytes.indices.suffix(bytes.count / 2) { bytes[index] ^= 1 }
        try bytes.write(to: weights)
        expectOneSentence(
            try await BlipProgram.run(arguments), status: 64, naming: "weights was")
    }

    /// A model by a link is the model that the link leads to.
    @Test func anotherModelBehindALinkIsNoticed() async throws {
        let data = try DataSet()
        let link = data.folder.path("model")
        let arguments = [
            "eval", "captions", data.captions, data.pictures, "--limit", "1", "--results",
            data.folder.path("run.jsonl"), "--model", link,
        ]
        var prints: Set<String> = []
        for (name, status) in [("caption-f16", 0), ("caption-wide-vision", 64)] as [(_, Int32)] {
            try? FileManager.default.removeItem(atPath: link)
            try FileManager.default.createSymbolicLink(
                atPath: link, withDestinationPath: Repository.checkpoint(name))
            let result = try await BlipProgram.run(arguments)
            #expect(result.status == status, "\(result.errors)")
            let files = ModelFiles(
                at: URL(filePath: link, directoryHint: .isDirectory), modelCache: nil)
            prints.insert(try files.fingerprint())
            let checkpoint = ModelFiles(
                at: URL(filePath: Repository.checkpoint(name)), modelCache: nil)
            #expect(try files.fingerprint() == checkpoint.fingerprint())
            #expect(files.bytes == checkpoint.bytes)
        }
        #expect(prints.count == 2)
        #expect(throws: BlipError.self) {
            try ModelFiles(at: URL(filePath: data.pictures), modelCache: nil).fingerprint()
        }
    }

    /// VQA's accuracy counts how many others gave an answer.
    @Test func fewAnswersAreToldOf() async throws {
        let data = try DataSet()
        let one = try data.folder.write(
            """
            {"annotations": [{"question_id": 1, "answers": [{"answer": "yes"}]}]}
            """.utf8, to: "one.json")
        let question = try data.folder.write(
            """
            {"questions": [{"question_id": 1, "image_id": 3, "question": "is there a dog?"}]}
            """.utf8, to: "question.json")
        let result = try await BlipProgram.run(
            "eval", "vqa", question, one, data.numbered, "--json")
        #expect(result.status == 0)
        #expect(try result.objects().first?["score"] as? Double == 0)
        #expect(result.errors.contains("1 of 1 questions have fewer than 4 answers"))
        let many = try await BlipProgram.run(
            "eval", "vqa", data.questions, data.answers, data.numbered)
        #expect(many.errors.isEmpty)
    }

    @Test func otherSettingsAndForeignFilesAreRefused() async throws {
        let data = try DataSet()
        let results = data.folder.path("run.jsonl")
        let first = try await BlipProgram.run(
            "eval", "captions", data.captions, data.pictures, "--results", results, "--limit", "1")
        #expect(first.status == 0)
        let before = try Data(contentsOf: URL(filePath: results))
        expectOneSentence(
            try await BlipProgram.run(
                "eval", "captions", data.captions, data.pictures, "--results", results, "--beams",
                "2"), status: 64, naming: "beams was not given")
        expectOneSentence(
            try await BlipProgram.run(
                "eval", "retrieval", data.captions, data.pictures, "--results", results),
            status: 64, naming: "not of retrieval")
        #expect(try Data(contentsOf: URL(filePath: results)) == before)

        let foreign = try data.folder.write("my notes".utf8, to: "notes.txt")
        expectOneSentence(
            try await BlipProgram.run(
                "eval", "captions", data.captions, data.pictures, "--results", foreign),
            status: 64, naming: "line 1")
        #expect(try Data(contentsOf: URL(filePath: foreign)) == Data("my notes".utf8))
        try Data(before + Data("{}\n".utf8)).write(to: URL(filePath: results))
        expectOneSentence(
            try await BlipProgram.run(
                "eval", "captions", data.captions, data.pictures, "--results", results),
            status: 64, naming: "line 3")
        expectOneSentence(
            try await BlipProgram.run(
                "eval", "captions", data.captions, data.pictures, "--results",
                data.folder.path("nowhere/run.jsonl")), status: 73, naming: "nowhere/run.jsonl")
    }

    @Test func answers() async throws {
        let data = try DataSet()
        let results = data.folder.path("answers.jsonl")
        let result = try await BlipProgram.run(
            "eval", "vqa", data.questions, data.answers, data.numbered, "--results", results,
            "--json", "--batch", "2")
        #expect(result.status == 0, "\(result.errors)")
        let rows = try result.objects()
        try expectDocumented(rows)
        let named = rows.map { [$0["group"], $0["name"]].map { $0 as? String ?? "" } }
        #expect(
            named == [
                ["", ""], ["answer_type", "number"], ["answer_type", "yes/no"],
                ["question_type", "how many"], ["question_type", "is there"],
            ])
        #expect(rows.map { $0["count"] as? Int } == [5, 2, 3, 2, 3])
        // What the file has is what was scored: 0.9 or 1 where nine and one of ten agree.
        let lines = try String(contentsOfFile: results, encoding: .utf8).split(separator: "\n")
        let said = try lines.dropFirst().map {
            try JSONDecoder().decode(DataSet.Answer.self, from: Data($0.utf8))
        }
        #expect(said.map(\.questionID) == [10, 11, 12, 13, 14])
        let right = zip(said, ["no", "yes", "4", "3", "yes"]).map { $0.answer == $1 }
        #expect(right.filter { $0 }.count >= 3, "\(said.map(\.answer))")
        let expected = Double(right.filter { $0 }.count) / 5
        #expect(abs((rows.first?["score"] as? Double ?? -1) - expected) < 1e-9)

        // Of a picture with some questions left, only those are asked.
        try Data((lines[..<2].joined(separator: "\n") + "\n").utf8)
            .write(to: URL(filePath: results))
        let again = try await BlipProgram.run(
            "eval", "vqa", data.questions, data.answers, data.numbered, "--results", results,
            "--json", "--batch", "2")
        #expect(again.output == result.output)
        #expect(
            try String(contentsOfFile: results, encoding: .utf8)
                == lines.joined(separator: "\n") + "\n")
    }

    @Test func retrieval() async throws {
        let data = try DataSet()
        let results = data.folder.path("vectors.jsonl")
        let plain = try await BlipProgram.run(
            "eval", "retrieval", data.captions, data.pictures, "--results", results, "--json")
        #expect(plain.status == 0, "\(plain.errors)")
        let rows = try plain.objects()
        #expect(
            rows.map { $0["metric"] as? String } == ["R@1", "R@5", "R@10", "R@1", "R@5", "R@10"])
        #expect(rows.map { $0["count"] as? Int } == [4, 4, 4, 5, 5, 5])
        // With four pictures, each is among the first five.
        #expect(rows[4]["score"] as? Double == 1)

        let reranked = try await BlipProgram.run(
            "eval", "retrieval", data.captions, data.pictures, "--results", results, "--json",
            "--rerank", "4")
        #expect(reranked.status == 0, "\(reranked.errors)")
        let scores = try reranked.objects().compactMap { $0["score"] as? Double }
        #expect(scores.count == 6)
        #expect(scores[0] >= 0.75, "the matching head knows the samples")
        let lines = try String(contentsOfFile: results, encoding: .utf8).split(separator: "\n")
        #expect(lines.filter { $0.contains("\"vector\"") }.count == 4)
        #expect(lines.filter { $0.contains("\"matches\"") }.count == 4)
        let again = try await BlipProgram.run(
            "eval", "retrieval", data.captions, data.pictures, "--results", results, "--json",
            "--rerank", "4")
        #expect(again.output == reranked.output)
        #expect(
            try String(contentsOfFile: results, encoding: .utf8).split(separator: "\n") == lines)
    }

    @Test func unreadablePicturesAreCounted() async throws {
        let data = try DataSet()
        try FileManager.default.removeItem(atPath: data.pictures + "/four-dogs.png")
        try Data("no picture".utf8).write(to: URL(filePath: data.pictures + "/three-pigs.png"))
        let result = try await BlipProgram.run("eval", "captions", data.captions, data.pictures)
        #expect(result.status == 1)
        #expect(result.output.contains("BLEU-4"))
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 3, "\(result.errors)")
        #expect(lines.last?.contains("2 of 4 pictures could not be read") == true)

        let other = try TemporaryFolder()
        try other.write("no picture".utf8, to: "a.png")
        let none = try await BlipProgram.run("eval", "captions", data.captions, other.url.path)
        #expect(none.status == 1)
        #expect(none.output.isEmpty)
        #expect(none.errors.contains("None of the 4 pictures"))
    }

    @Test func badInput() async throws {
        let data = try DataSet()
        let folder = try TemporaryFolder()
        func captions(_ file: String, _ pictures: String? = nil) async throws -> BlipProgram.Result
        {
            try await BlipProgram.run("eval", "captions", file, pictures ?? data.pictures)
        }
        func file(_ text: String) throws -> String { try folder.write(text.utf8, to: "file.json") }

        expectOneSentence(
            try await captions(data.captions, folder.url.path), status: 64, naming: "no pictures")
        expectOneSentence(
            try await captions(data.captions, "/nowhere"), status: 64, naming: "/nowhere")
        expectOneSentence(
            try await captions("/nowhere.json"), status: 64, naming: "/nowhere.json")
        expectOneSentence(
            try await captions(try file("{\"images\": [")), status: 64, naming: "no JSON")
        expectOneSentence(
            try await captions(try file("{\"images\": []}")), status: 64, naming: "annotations")
        expectOneSentence(
            try await captions(try file(#"{"images": [{"id": 1}], "annotations": []}"#)),
            status: 64, naming: "images[0] has no \"file_name\"")
        expectOneSentence(
            try await captions(
                try file(#"{"images": [], "annotations": [{"image_id": 9, "caption": ""}]}"#)),
            status: 64, naming: "picture 9")
        expectOneSentence(
            try await captions(
                try file(
                    #"{"images": [{"id": 1, "file_name": "../a.png"}], "#
                        + #""annotations": [{"image_id": 1, "caption": ""}]}"#)),
            status: 64, naming: "../a.png")
        expectOneSentence(
            try await captions(
                try file(#"{"images": [{"id": 1, "file_name": "a"}], "annotations": []}"#)),
            status: 64, naming: "no picture has a caption")
        expectOneSentence(
            try await BlipProgram.run(
                "eval", "vqa", data.questions, try file(#"{"annotations": []}"#), data.numbered),
            status: 64, naming: "question 10 has no answers")
        expectOneSentence(
            try await BlipProgram.run(
                "eval", "vqa", data.questions,
                try file(#"{"annotations": [{"question_id": 10, "answers": []}]}"#),
                data.numbered), status: 64, naming: "question 10 has no answers")
        try FileManager.default.copyItem(
            atPath: data.numbered + "/7.png", toPath: data.numbered + "/b_07.png")
        expectOneSentence(
            try await BlipProgram.run(
                "eval", "vqa", data.questions, data.answers, data.numbered), status: 64,
            naming: "Picture 7 may be")
    }

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
}
