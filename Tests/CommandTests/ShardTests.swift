import BlipPictures
import Foundation
import Testing

@testable import BlipCommandSupport

@Suite("Parts of a large run")
struct ShardTests {
    private let model = ["--model", Repository.checkpoint("all-tasks"), "--precision", "f32"]

    @Test(
        arguments: [
            ("0/4", [:], 0, 4), ("auto/9", ["JOB_COMPLETION_INDEX": "8"], 8, 9),
            ("auto", ["JOB_COMPLETION_INDEX": "2", "JOB_COMPLETIONS": "5"], 2, 5),
            (
                "auto",
                [
                    "SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_MIN": "1",
                    "SLURM_ARRAY_TASK_STEP": "2",
                    "SLURM_ARRAY_TASK_COUNT": "10",
                ], 3, 10
            ),
            ("auto/16", ["SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "1"], 7, 16),
            ("auto", ["AWS_BATCH_JOB_ARRAY_INDEX": "0", "AWS_BATCH_JOB_ARRAY_SIZE": "2"], 0, 2),
        ] as [(String, [String: String], Int, Int)])
    func arguments(_ argument: String, _ environment: [String: String], index: Int, count: Int)
        throws
    {
        let shard = try Shard(argument: argument, environment: environment)
        #expect(shard.index == index && shard.count == count)
    }

    @Test(
        arguments: [
            ("4/4", [:], "no part 4 of 4"), ("-1/4", [:], "no part -1"), ("1", [:], "write I/N"),
            ("1/2/3", [:], "write I/N"), ("a/b", [:], "write I/N"), ("0/0", [:], "no part"),
            ("auto", [:], "found no job"), ("auto/x", [:], "write I/N"),
            ("auto", ["JOB_COMPLETION_INDEX": "2"], "JOB_COMPLETIONS is not set"),
            ("auto/2", ["JOB_COMPLETION_INDEX": "2"], "no part 2 of 2"),
            ("auto", ["SLURM_ARRAY_TASK_ID": "x"], "is to be a number"),
        ] as [(String, [String: String], String)])
    func wrongArguments(_ argument: String, _ environment: [String: String], words: String) {
        let failure = #expect(throws: Failure.self) {
            try Shard(argument: argument, environment: environment)
        }
        #expect(failure?.status == .usage)
        #expect(failure?.description.contains(words) == true, "\(failure as Any)")
    }

    @Test func partsHaveNamesThatSort() throws {
        #expect(try Shard(index: 3, count: 4).name == "part-3-of-4")
        #expect(try Shard(index: 3, count: 1_000).name == "part-0003-of-1000")
        let parts = try (0..<3).map { try Shard(index: $0, count: 3).share(of: Array(0..<8)) }
        #expect(parts == [[0, 3, 6], [1, 4, 7], [2, 5]])
    }

    /// Two photos and a broken one in a folder, two in a tar file beside it.
    private func data(in folder: borrowing TemporaryFolder) async throws {
        let made = try await BlipProgram.shell(
            """
            cd "$1"; mkdir photos; cp "$2" photos/a.jpg; cp "$2" photos/c.jpg; echo no > photos/b.jpg
            mkdir in; cp "$2" in/0001.jpg; echo '{}' > in/0001.json; cp "$2" in/0002.jpg
            tar -cf photos/shard-0.tar -C in . && rm -r in
            """, folder.url.path, Repository.photo("china.jpg"))
        #expect(made.status == 0, "\(made.errors)")
    }

    private func run(
        _ shard: String, _ folder: borrowing TemporaryFolder, _ more: [String] = [],
        environment: [String: String] = [:], under launcher: [String] = []
    ) async throws -> BlipProgram.Result {
        try await BlipProgram.run(
            ["caption", folder.path("photos"), "--shard", shard, "--out", folder.path("out")]
                + model
                + more, environment: environment, under: launcher)
    }

    private func objects(_ path: String) throws -> [[String: any Sendable]] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try BlipProgram.Result(status: 0, output: text, errors: "").objects()
    }

    @Test func everyPictureIsInOnePart() async throws {
        let folder = try TemporaryFolder()
        try await data(in: folder)
        var rows: [[String: any Sendable]] = []
        for index in 0..<3 {
            let result = try await run(
                "auto", folder,
                environment: ["JOB_COMPLETION_INDEX": "\(index)", "JOB_COMPLETIONS": "3"])
            #expect(result.status == 0 && result.output.isEmpty, "\(result.errors)")
            let name = "out/part-\(index)-of-3"
            let part = try objects(folder.path(name + ".jsonl"))
            let statistics = try #require(try objects(folder.path(name + ".json")).first)
            #expect(statistics["pictures"] as? Int == part.count)
            #expect(
                statistics["failed"] as? Int == part.count { $0["error"] != nil })
            rows += part
        }
        let prefix = folder.path("photos") + "/"
        let names = rows.compactMap { ($0["image"] as? String)?.trimmingPrefix(prefix) }
        #expect(
            names.map(String.init).sorted() == [
                "a.jpg", "b.jpg", "c.jpg", "shard-0.tar/0001.jpg", "shard-0.tar/0002.jpg",
            ])
        #expect(rows.count { $0["error"] != nil } == 1)
        let captions = Set(rows.compactMap { $0["caption"] as? String })
        #expect(captions.count == 1)
        #expect(rows.allSatisfy { $0["timing"] == nil })
        #expect(Set(rows.flatMap(\.keys)) == ["image", "caption", "token_ids", "score", "error"])
    }

    @Test func finishedPartsStay() async throws {
        let folder = try TemporaryFolder()
        try await data(in: folder)
        #expect(try await run("0/2", folder).status == 0)
        let part = folder.path("out/part-0-of-2.jsonl")
        let first = try Data(contentsOf: URL(filePath: part))
        // As a run leaves it that was killed.
        try folder.write("{".utf8, to: "out/.part-0-of-2.draft-x")
        try FileManager.default.removeItem(atPath: part)
        #expect(try await run("0/2", folder).status == 0)
        #expect(try Data(contentsOf: URL(filePath: part)) == first)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("out")).sorted()
        #expect(names == ["part-0-of-2.json", "part-0-of-2.jsonl"])
        try folder.write("mine".utf8, to: "out/part-0-of-2.jsonl")
        let again = try await run("0/2", folder)
        #expect(again.status == 0 && again.errors.contains("finished already"), "\(again.errors)")
        #expect(try String(contentsOfFile: part, encoding: .utf8) == "mine")
        for (shard, more, words) in [
            ("1/3", [], "holds parts of 2"), ("1/2", ["--beams", "2"], "another beams"),
        ] {
            let other = try await run(shard, folder, more)
            #expect(other.status == 64 && other.errors.contains(words), "\(other.errors)")
        }
    }

    /// Pictures with their captions, those that failed with their rows alone.
    @Test func webDataset() async throws {
        let folder = try TemporaryFolder()
        try await data(in: folder)
        let options = ["--format", "webdataset"]
        #expect(try await run("1/12", folder, options).status == 0)
        #expect(try await run("0/12", folder, options).status == 0)
        let part = RawPath(argument: folder.path("out/part-01-of-12.tar"))
        let members = try TarArchive(part).members
        #expect(
            members.map { String(decoding: $0.name, as: UTF8.self) } == ["01-00000000.json"])
        let whole = try TarArchive(RawPath(argument: folder.path("out/part-00-of-12.tar"))).members
        #expect(
            whole.map { String(decoding: $0.name, as: UTF8.self) } == [
                "00-00000000.jpg", "00-00000000.json", "00-00000000.txt",
            ])
        let bytes = try Data(contentsOf: URL(filePath: folder.path("out/part-00-of-12.tar")))
        func content(_ index: Int) -> Data {
            bytes.dropFirst(whole[index].offset).prefix(whole[index].size)
        }
        #expect(content(0) == (try Data(contentsOf: URL(filePath: folder.path("photos/a.jpg")))))
        let row = try #require(
            try JSONSerialization.jsonObject(with: content(1)) as? [String: Any])
        #expect(row["image"] as? String == folder.path("photos/a.jpg"))
        #expect(row["caption"] as? String == String(decoding: content(2), as: UTF8.self))
        let other = try await run("2/12", folder)
        #expect(other.status == 64 && other.errors.contains("another format"), "\(other.errors)")
        // What is written can be captioned again.
        let again = try await BlipProgram.run(
            [
                "caption", folder.path("out/part-00-of-12.tar"), "--shard", "0/1", "--out",
                folder.path("again"),
            ] + model)
        #expect(again.status == 0, "\(again.errors)")
        #expect(
            try objects(folder.path("again/part-0-of-1.jsonl")).compactMap {
                $0["caption"] as? String
            }
                == [row["caption"] as? String])
    }

    /// Else each would have others' tar files among its pictures, and other pictures than it should.
    @Test func partsAmongThePictures() async throws {
        let folder = try TemporaryFolder()
        try await data(in: folder)
        var images: [String] = []
        for shard in ["0/2", "1/2"] {
            let result = try await BlipProgram.run(
                [
                    "caption", folder.path("photos"), "--shard", shard, "--out",
                    folder.path("photos/parts"), "--format", "webdataset",
                ] + model)
            #expect(result.status == 0, "\(result.errors)")
        }
        for part in ["part-0-of-2", "part-1-of-2"] {
            let file = folder.path("photos/parts/\(part).tar")
            let bytes = try Data(contentsOf: URL(filePath: file))
            for member in try TarArchive(RawPath(argument: file)).members
            where member.name.suffix(5).elementsEqual(Array(".json".utf8)) {
                let row = try JSONSerialization.jsonObject(
                    with: bytes.dropFirst(member.offset).prefix(member.size))
                images.append((row as? [String: Any])?["image"] as? String ?? "")
            }
        }
        #expect(!images.isEmpty && Set(images).count == images.count)
        #expect(!images.contains { $0.contains("/parts/") }, "\(images)")
    }

    /// Else a part of the data would be missing, and nobody told.
    @Test func aLinkToATarFileThatIsGone() async throws {
        let folder = try TemporaryFolder()
        try await data(in: folder)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("photos/gone.tar"),
            withDestinationPath: folder.path("nowhere.tar"))
        let result = try await run("0/1", folder)
        #expect(result.status == 64 && result.errors.contains("gone.tar"), "\(result.errors)")
    }

    /// The members before the cut have their rows, and so has the cut.
    @Test(arguments: PartFormat.allCases)
    func aTarFileThatIsCutBetweenMembers(format: PartFormat) async throws {
        let folder = try TemporaryFolder()
        try await data(in: folder)
        let file = URL(filePath: folder.path("photos/shard-0.tar"))
        let bytes = try Data(contentsOf: file)
        let end = try #require(
            TarArchive(RawPath(argument: file.path)).members.map { $0.offset + $0.size }.max())
        try bytes.prefix((end + 511) / 512 * 512).write(to: file)
        let result = try await run("0/1", folder, ["--format", format.rawValue])
        #expect(result.status == 0, "\(result.errors)")
        let statistics = try #require(try objects(folder.path("out/part-0-of-1.json")).first)
        #expect(statistics["pictures"] as? Int == 6 && statistics["failed"] as? Int == 2)
        guard format == .jsonl else { return }
        let rows = try objects(folder.path("out/part-0-of-1.jsonl"))
        let row = try #require(rows.last)
        #expect(row["image"] as? String == file.path)
        #expect((row["error"] as? String)?.contains("probably cut off") == true)
        #expect(rows.count { $0["caption"] != nil } == 4)
    }

    @Test func whatCannotBeWritten() async throws {
        let folder = try TemporaryFolder()
        try await data(in: folder)
        for format in PartFormat.allCases {
            let full = try await run(
                "0/1", folder, ["--no-cache", "--format", format.rawValue],
                under: BlipProgram.fullDisk)
            #expect(full.status == 73, "\(full.errors)")
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path("out"))
            #expect(left.allSatisfy { $0.hasPrefix(".") }, "\(left)")
        }
        for arguments in [
            ["--shard", "0/1"], ["--out", folder.path("x")], ["--format", "webdataset"],
            ["--shard", "0/1", "--out", folder.path("photos/a.jpg")],
        ] {
            let result = try await BlipProgram.run(
                ["caption", folder.path("photos")] + arguments + model)
            #expect([64, 73].contains(result.status), "\(result.errors)")
        }
        let input = try await BlipProgram.run(
            ["caption", "-", "--shard", "0/1", "--out", folder.path("out")] + model)
        #expect(input.status == 64 && input.errors.contains("cannot be divided"))
    }
}
