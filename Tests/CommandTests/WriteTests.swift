import Foundation
import Testing

@Suite("blip write")
struct WriteTests {
    private static let hasExifTool = FileManager.default.isExecutableFile(
        atPath: "/usr/bin/exiftool")
    private static let path = ["PATH": "/usr/bin:/bin"]

    private func captions(_ folder: borrowing TemporaryFolder) throws -> (
        picture: String, file: String
    ) {
        let picture = try folder.copy(Repository.photo("chelsea.jpg"), as: "cat.jpg")
        let record = try JSONSerialization.data(
            withJSONObject: ["image": picture, "caption": "a cat, \"asleep\""])
        return (picture, try folder.write(record, to: "captions.jsonl"))
    }

    @Test(.enabled(if: hasExifTool)) func captionsOfAFile() async throws {
        let folder = try TemporaryFolder()
        let (picture, file) = try captions(folder)
        let bytes = try Data(contentsOf: URL(filePath: picture))
        let write = ["write", "--captions", file, "--to", "sidecar"]
        let dry = try await BlipProgram.run(write + ["--dry-run"], environment: Self.path)
        #expect(dry.status == 0, "\(dry.errors)")
        #expect(dry.output.contains("would write"))
        #expect(!FileManager.default.fileExists(atPath: picture + ".xmp"))

        let done = try await BlipProgram.run(write + ["--json"], environment: Self.path)
        let object = try #require(try done.objects().first)
        try expectDocumented([object])
        #expect(object["file"] as? String == picture + ".xmp")
        #expect((object["fields"] as? [String])?.contains("XMP-dc:Description") == true)
        #expect(try String(contentsOfFile: picture + ".xmp", encoding: .utf8).contains("a cat, "))
        #expect(try Data(contentsOf: URL(filePath: picture)) == bytes)

        let again = try await BlipProgram.run(write + ["--json"], environment: Self.path)
        #expect(try again.objects().first?["fields"] as? [String] == [])
    }

    @Test func aTableNeedsNoTool() async throws {
        let folder = try TemporaryFolder()
        let (picture, file) = try captions(folder)
        let table = folder.path("alt.csv")
        let result = try await BlipProgram.run("write", "--captions", file, "--csv", table)
        #expect(result.status == 0, "\(result.errors)")
        let text = try String(contentsOfFile: table, encoding: .utf8)
        #expect(text == "image,alt_text\r\n\(picture),\"a cat, \"\"asleep\"\"\"\r\n")
        // Never over a picture.
        let over = try await BlipProgram.run("write", "--captions", file, "--csv", picture)
        #expect(over.status == 64)
    }

    @Test func whatIsMissingIsSaid() async throws {
        let folder = try TemporaryFolder()
        let (_, file) = try captions(folder)
        let tool = try await BlipProgram.run(
            ["write", "--captions", file, "--to", "embed"], environment: ["PATH": folder.url.path])
        #expect(tool.status == 69)
        #expect(tool.errors.contains("libimage-exiftool-perl"))
        let place = try await BlipProgram.run("write", "--captions", file)
        #expect(place.status == 64)
        let library = try await BlipProgram.run(
            "write", "--to", "sidecar", "--library", folder.path("none.sqlite"))
        #expect(library.status != 0)
        #expect(library.errors.contains("blip index"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("none.sqlite")))
    }
}
