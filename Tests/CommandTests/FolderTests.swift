import Foundation
import Testing

@Suite("Folders, lists and what is no file")
struct FolderTests {
    private let model = ["--model", Repository.checkpoint("all-tasks")]

    /// What was captioned, by its path from the folder, and what was said beside.
    private func captions(
        of arguments: [String], in folder: borrowing TemporaryFolder, input: [UInt8] = []
    ) async throws -> (names: [String], result: BlipProgram.Result) {
        let prefix = folder.url.path + "/"
        let result = try await BlipProgram.run(
            ["caption"] + arguments + model + ["--json"], input: input)
        let names = try result.objects().filter { $0["error"] == nil }
            .compactMap { $0["image"] as? String }
            .map { String($0.trimmingPrefix(prefix)) }
        return (names, result)
    }

    private func addPicture(_ name: String, to folder: borrowing TemporaryFolder) throws {
        let parent = folder.url.appending(path: name).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        _ = try folder.copy(Repository.photo("china.jpg"), as: name)
    }

    private func addLink(
        _ name: String, to target: String, in folder: borrowing TemporaryFolder
    ) throws {
        try FileManager.default.createSymbolicLink(
            atPath: folder.path(name), withDestinationPath: target)
    }

    @Test func whatAFolderHolds() async throws {
        let folder = try TemporaryFolder()
        for name in [
            "a.jfif", "b.JPE", "c.mpo", "trip.jpg/x.jpg", "deep/er/y.jpg",
            ".hidden.jpg", ".thumbnails/t.jpg", "@eaDir/e.jpg", "deep/#recycle/r.jpg",
        ] {
            try addPicture(name, to: folder)
        }
        for name in ["1.JP2", "2.jp2", "3.psd", "notes.txt", "film.mp4", "deep/4.xcf"] {
            try folder.write("\0\0\0\u{18}ftyp".utf8, to: name)
        }
        #expect(mkfifo(folder.path("cam.jpg"), 0o600) == 0)
        let (names, result) = try await captions(of: [folder.url.path], in: folder)
        #expect(names == ["a.jfif", "b.JPE", "c.mpo", "deep/er/y.jpg", "trip.jpg/x.jpg"])
        #expect(result.status == 0)
        let lines = result.errors.split(separator: "\n")
        #expect(
            lines.contains { $0.contains("2 JPEG 2000, 1 GIMP, 1 Photoshop") }, "\(result.errors)")
        #expect(lines.contains { $0.contains("pipes, sockets or devices: 1") })
    }

    @Test func linksToFolders() async throws {
        let folder = try TemporaryFolder()
        let outside = try TemporaryFolder()
        try addPicture("in/a.jpg", to: folder)
        try addPicture("b.jpg", to: outside)
        // Two ways to one folder, two loops, and one to what is inside anyhow.
        try addLink("in/one", to: outside.url.path, in: folder)
        try addLink("in/two", to: outside.url.path, in: folder)
        try addLink("in/back", to: folder.url.path, in: folder)
        try addLink("back", to: folder.url.path, in: outside)
        try addLink("in/same", to: folder.path("in"), in: folder)
        try addLink("link", to: folder.path("in"), in: folder)
        try addLink("picture.jpg", to: folder.path("in/a.jpg"), in: folder)
        for name in ["link", "link/"] {
            let (names, _) = try await captions(of: [folder.path(name)], in: folder)
            #expect(names.sorted() == ["link/a.jpg", "link/back/picture.jpg", "link/one/b.jpg"])
        }
        let list = try folder.write("\(folder.path("link/"))\n".utf8, to: "list.txt")
        let listed = try await captions(of: ["@\(list)"], in: folder)
        #expect(listed.names.count == 3)
        let compared = try await BlipProgram.run(
            ["compare", model[1], model[1], folder.path("link"), "--limit", "1", "--json"])
        #expect(compared.status == 0, "\(compared.errors)")
    }

    @Test func lists() async throws {
        let folder = try TemporaryFolder()
        for name in ["a.jpg", " b .jpg ", "c\nd.jpg"] { try addPicture(name, to: folder) }
        let base = folder.url
        let path = { (name: String) in base.appending(path: name).path }
        let lines = "\u{FEFF}\(path("a.jpg"))\r\n  \(path("a.jpg"))\t\n\n\(path(" b .jpg "))\n"
        let list = try folder.write(lines.utf8, to: "lines.txt")
        let lined = try await captions(of: ["@\(list)"], in: folder)
        #expect(lined.names == ["a.jpg", "a.jpg", " b .jpg "])
        let zeros = try folder.write("\(path("c\nd.jpg"))\0\(path("a.jpg"))\0".utf8, to: "zeros")
        let zeroed = try await captions(of: ["@\(zeros)"], in: folder)
        #expect(zeroed.names == ["c\nd.jpg", "a.jpg"])
        let piped = try await captions(
            of: ["@/dev/stdin"], in: folder, input: Array("\(path("a.jpg"))\n".utf8))
        #expect(piped.names == ["a.jpg"], "\(piped.result.errors)")
        try folder.write([0xFF, 0xFE, 0x61, 0], to: "wide.txt")
        try folder.write("PK\u{3}\u{4}\u{14}\0\0\0a.jpg\0".utf8, to: "a.zip")
        for (name, words) in [
            (path("a.jpg"), "is a picture"), (path(""), "is a folder"),
            (path("wide.txt"), "UTF-16"), (path("a.zip"), "is no list of pictures"),
            ("", "After @ there is no name"), ("-", "Standard input is @/dev/stdin"),
        ] {
            let refused = try await BlipProgram.run(["caption", "@\(name)"])
            #expect(refused.status == 64)
            #expect(refused.errors.contains(words), "\(refused.errors)")
        }
    }

    /// The shell's names are bytes, as the system's are.
    @Test func namesThatAreNotUTF8() async throws {
        let folder = try TemporaryFolder()
        let result = try await BlipProgram.shell(
            """
            cd "$1"; mkdir $'\\xff' figures; cp "$2" $'caf\\xe9.jpg'; cp "$2" $'\\xff/b.jpg'
            "$BLIP" caption $'caf\\xe9.jpg' . @<(printf '\\xff/b.jpg\\0') --model "$3" --json
            "$BLIP" caption $'caf\\xe9.jpg' --annotate figures --model "$3" > /dev/null
            ls figures
            """, folder.url.path, Repository.photo("china.jpg"), model[1])
        #expect(result.errors.isEmpty)
        var lines = result.output.split(separator: "\n")
        #expect(lines.popLast() == "caf\\xE9.jpg.figure.jpg")
        let names = try lines.map { line in
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        }.map { $0?["image"] as? String }
        #expect(names == ["caf\\xE9.jpg", "./caf\\xE9.jpg", "./\\xFF/b.jpg", "\\xFF/b.jpg"])
    }

    /// Foundation would take other files than these.
    @Test func otherNamesThatAreNotUTF8() async throws {
        for option in ["--model", "--cache-dir"] {
            let result = try await BlipProgram.shell(
                "exec \"$BLIP\" caption \"$1\" $2 $'caf\\xe9'", Repository.photo("china.jpg"),
                option)
            #expect(result.status == 64, "\(result.errors)")
            #expect(result.errors.contains("caf\\xE9: only pictures"), "\(result.errors)")
        }
    }

    @Test func standardInputThatNeverEnds() async throws {
        let endless = try await BlipProgram.shell(
            "exec \"$BLIP\" caption - --model \"$1\" < /dev/zero", model[1])
        #expect(endless.status == 1)
        #expect(endless.errors.contains("Standard input is nothing but zeros"), "\(endless.errors)")
        for name in ["-", "@/dev/stdin", "/dev/stdin"] {
            let twice = try await BlipProgram.run("caption", "-", name)
            #expect(twice.status == 64)
            #expect(twice.errors.contains("name it once"), "\(twice.errors)")
        }
    }

    @Test func streamsThatAreClosed() async throws {
        let run = "exec \"$BLIP\" caption \"$2\" --model \"$1\" "
        let noInput = try await BlipProgram.shell(run + "<&-", model[1], "-")
        #expect(noInput.status == 1)
        #expect(noInput.errors.contains("Standard input is empty"), "\(noInput.errors)")
        let noOutput = try await BlipProgram.shell(
            run + ">&-", model[1], Repository.photo("china.jpg"))
        #expect(noOutput.status == 73, "\(noOutput.errors)")
    }
}
