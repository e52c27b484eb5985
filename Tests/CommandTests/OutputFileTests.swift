import BLIP
import BlipCommandSupport
import Foundation
import Testing

@testable import BlipCommand

@Suite("Files that are written never are files that are read")
struct OutputFileTests {
    private let files = FileManager.default

    /// Whatever the spelling, and through links of both kinds.
    @Test func oneFileByManyNames() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("data".utf8, to: "data.json")
        try files.createDirectory(atPath: folder.path("sub"), withIntermediateDirectories: false)
        try files.createSymbolicLink(
            atPath: folder.path("soft.html"), withDestinationPath: "data.json")
        try files.linkItem(atPath: file, toPath: folder.path("hard.html"))
        try files.createSymbolicLink(atPath: folder.path("up"), withDestinationPath: ".")
        let identity = try #require(FileIdentity(URL(filePath: file)))
        for name in [
            "./data.json", "sub/../data.json", "soft.html", "hard.html", "up/data.json",
            ".//data.json",
        ] {
            #expect(FileIdentity(URL(filePath: folder.path(name))) == identity, "\(name)")
        }
        // Of what is not there yet, too.
        let new = FileIdentity(URL(filePath: folder.path("new.html")))
        #expect(new == FileIdentity(URL(filePath: folder.path("up/./new.html"))))
        #expect(new != FileIdentity(URL(filePath: folder.path("sub/new.html"))))
        #expect(FileIdentity(URL(filePath: folder.path("nowhere/new.html"))) == nil)
    }

    @Test func reportsAndResults() async throws {
        let data = try DataSet()
        let path = { data.folder.path($0) }
        let photo = data.pictures + "/four-dogs.png"
        let model = try data.folder.copy(Repository.checkpoint("caption-f16"), as: "model")
        try files.createSymbolicLink(
            atPath: data.folder.path("soft.html"), withDestinationPath: "captions.json")
        try files.linkItem(atPath: photo, toPath: data.folder.path("hard.html"))
        try files.linkItem(
            atPath: model + "/config.json", toPath: data.folder.path("config.html"))
        let empty = try data.folder.write("".utf8, to: "model/empty.json")
        try files.createDirectory(
            atPath: path("folder.html"), withIntermediateDirectories: false)
        let before = try contents(of: data.folder.url)
        let eval = ["eval", "captions", data.captions, data.pictures, "--model", model]
        let vqa = ["eval", "vqa", data.questions, data.answers, data.numbered, "--model", model]
        let compare = ["compare", model, model, data.pictures]
        let bench = ["bench", "--quick", "--images", data.pictures, "--model", model]
        let refused: [[String]] = [
            eval + ["--report", data.captions], eval + ["--report", photo],
            eval + ["--report", path("page.htm")], eval + ["--report", path("soft.html")],
            eval + ["--report", path("./hard.html")], eval + ["--report", path("config.html")],
            eval + ["--results", path("model/../captions.json")], eval + ["--results", photo],
            eval + ["--results", "/dev/null"], eval + ["--report", path("folder.html")],
            eval + ["--results", path("hard.html")], eval + ["--results", empty],
            eval + ["--results", path("a.html"), "--report", path("model/../a.html")],
            vqa + ["--results", data.answers], compare + ["--report", path("hard.html")],
            compare + ["--report", path("config.html")], compare + ["--report", data.captions],
            bench + ["--report", path("hard.html")], bench + ["--report", path("config.html")],
        ]
        for arguments in refused {
            let result = try await BlipProgram.run(arguments)
            #expect(result.status == 64, "\(arguments): \(result.errors)")
            #expect(result.output.isEmpty)
            #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        }
        #expect(try contents(of: data.folder.url) == before)
    }

    @Test func figures() async throws {
        let folder = try TemporaryFolder()
        let photo = try folder.copy(Repository.photo("chelsea.jpg"), as: "mine.jpg")
        let list = try folder.write("\(photo)\n".utf8, to: "list.jpg")
        try files.linkItem(atPath: photo, toPath: folder.path("hard.jpg"))
        try files.createSymbolicLink(
            atPath: folder.path("soft.jpg"), withDestinationPath: "mine.jpg")
        let before = try contents(of: folder.url)
        for (input, name) in [
            (photo, "./mine.jpg"), (photo, "hard.jpg"), (photo, "soft.jpg"),
            ("@\(list)", "list.jpg"),
        ] {
            let result = try await BlipProgram.run(
                "caption", input, "--annotate", folder.path(name))
            #expect(result.status == 64, "\(name): \(result.errors)")
        }
        let piped = try await BlipProgram.shell(
            "exec \"$BLIP\" caption - --annotate \"$1\" < \"$1\"", photo)
        #expect(piped.status == 64, "\(piped.errors)")
        #expect(try contents(of: folder.url) == before)
    }

    /// Foundation cannot name them.
    @Test func namesThatAreNotUTF8() async throws {
        let folder = try TemporaryFolder()
        for option in [
            "caption \"$2\" --annotate $'a\\xe9.jpg'", "bench --quick --report $'a\\xe9.html'",
            "convert demo --out $'a\\xe9'",
        ] {
            let result = try await BlipProgram.shell(
                "cd \"$1\"; exec \"$BLIP\" \(option)", folder.url.path,
                Repository.photo("chelsea.jpg"))
            #expect(result.status == 64, "\(result.errors)")
            #expect(result.errors.contains("a\\xE9"), "\(result.errors)")
        }
        #expect(try files.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    /// A file of weights that is named by itself, and a folder.
    @Test func theFilesOfAModel() throws {
        let folder = try TemporaryFolder()
        let weights = URL(filePath: try folder.write("w".utf8, to: "model.pth"))
        try folder.write("{}".utf8, to: "config.json")
        for place in [weights, folder.url] {
            #expect(
                ModelFiles(at: place, modelCache: nil).files.map(\.lastPathComponent).sorted()
                    == ["config.json", "model.pth"])
        }
        #expect(
            ModelFiles(at: folder.url.appending(path: "none.pth"), modelCache: nil).files.isEmpty)
    }

    /// A link to the place that is meant stays a link.
    @Test func linksAreWrittenThrough() async throws {
        let folder = try TemporaryFolder()
        for name in ["page.html", "figure.jpg"] {
            // One leads to what is not there yet.
            if name == "page.html" { try folder.write("old".utf8, to: "real-\(name)") }
            try files.createSymbolicLink(
                atPath: folder.path(name), withDestinationPath: "real-\(name)")
        }
        let photo = Repository.photo("chelsea.jpg")
        let figure = try await BlipProgram.run(
            "caption", photo, "--annotate", folder.path("figure.jpg"))
        #expect(figure.status == 0, "\(figure.errors)")
        let data = try DataSet()
        let page = try await BlipProgram.run(
            "eval", "captions", data.captions, data.pictures, "--report", folder.path("page.html"))
        #expect(page.status == 0, "\(page.errors)")
        for name in ["page.html", "figure.jpg"] {
            #expect(
                try files.destinationOfSymbolicLink(atPath: folder.path(name)) == "real-\(name)")
            #expect(try Data(contentsOf: URL(filePath: folder.path("real-\(name)"))).count > 1_000)
        }
    }

    @Test func aFullDisk() async throws {
        let data = try DataSet()
        let eval = ["eval", "captions", data.captions, data.pictures]
        let figure = data.folder.path("figure.jpg")
        for arguments in [
            eval + ["--results", data.folder.path("run.jsonl")],
            eval + ["--report", data.folder.path("page.html")],
            ["caption", data.pictures + "/four-dogs.png", "--annotate", figure],
        ] {
            let result = try await BlipProgram.run(arguments, under: BlipProgram.fullDisk)
            #expect(result.status == 73, "\(arguments): \(result.errors)")
            #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        }
        // Each figure is told of, and no caption is lost.
        let several = try await BlipProgram.run(
            ["caption", data.pictures, "--annotate", data.folder.url.path],
            under: BlipProgram.fullDisk)
        #expect(several.status == 73)
        let (captions, errors) = (
            several.output.split(separator: "\n").count, several.errors.split(separator: "\n").count
        )
        #expect(captions == errors && captions > 1, "\(several)")
    }

    /// A picture's name may be as long as names can be.
    @Test func aFigureOfALongName() async throws {
        let folder = try TemporaryFolder()
        let name = String(repeating: "é", count: 125) + "x.jpg"
        let photo = try folder.copy(Repository.photo("chelsea.jpg"), as: name)
        let result = try await BlipProgram.run("caption", photo, "--annotate", folder.url.path)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try files.contentsOfDirectory(atPath: folder.url.path).count == 2)
        // A slash with an accent is a slash.
        #expect(FigureName.name(for: "a/\u{301}b.jpg") == "a-\u{301}b.jpg.figure.jpg")
    }

    private func contents(of folder: URL) throws -> [String: Data] {
        let names = files.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return try names.reduce(into: [:]) { contents, name in
            let path = folder.appending(path: name).path
            guard !files.isFolder(path) else { return }
            contents[name] = try Data(contentsOf: URL(filePath: path))
        }
    }
}
