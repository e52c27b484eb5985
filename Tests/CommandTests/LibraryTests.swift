import Foundation
import Testing

@Suite("The library of photos", .serialized)
struct LibraryTests {
    private let samples = Repository.root.appending(path: "Samples").path

    @Test func indexSearchAndDuplicates() async throws {
        let folder = try TemporaryFolder()
        let photos = folder.url.appending(path: "photos")
        try FileManager.default.copyItem(atPath: samples, toPath: photos.path)
        try FileManager.default.copyItem(
            at: photos.appending(path: "four-dogs.png"), to: photos.appending(path: "copy.png"))
        try Data("no picture".utf8).write(to: photos.appending(path: "broken.png"))
        let library = ["--library", folder.path("library/photos.sqlite")]
        let indexed = try await BlipProgram.run(["index", photos.path, "--json"] + library)
        #expect(indexed.status == 1, "\(indexed.errors)")
        #expect(indexed.errors.contains("broken.png"))
        let records = try indexed.objects()
        try expectDocumented(records)
        #expect(records.first?["error"] is String)
        #expect(records.last?["added"] as? Int == 5)
        #expect(records.last?["failed"] as? Int == 1)
        try FileManager.default.removeItem(at: photos.appending(path: "broken.png"))
        let again = try await BlipProgram.run(["index", photos.path] + library)
        #expect(again.status == 0 && again.output == "1 removed, 5 unchanged\n")

        let found = try await BlipProgram.run(
            ["search", "four dogs", "--json", "--rerank", "4"] + library)
        #expect(found.status == 0, "\(found.errors)")
        let hits = try found.objects()
        try expectDocumented(hits)
        #expect(hits.count == 1)
        #expect((hits.first?["match_probability"] as? Double ?? 0) > 0.5)
        #expect((hits.first?["caption"] as? String)?.contains("dogs") == true)

        let none = try await BlipProgram.run(["search", "two cats", "--rerank", "4"] + library)
        #expect(none.status == 0 && none.output.isEmpty)
        #expect(none.errors.contains("No picture of the library fits \"two cats\"."))

        let paths = try await BlipProgram.run(
            ["search", "--like", photos.appending(path: "three-pigs.png").path, "--paths0"]
                + library)
        let names = paths.output.split(separator: "\0").map { $0.split(separator: "/").last }
        #expect(names.count == 4 && names.first == "three-pigs.png")
        #expect(paths.output.hasSuffix("\0"))

        let groups = try await BlipProgram.run(["duplicates", "--copies", "--json"] + library)
        let members = try groups.objects()
        try expectDocumented(members)
        #expect(members.count == 2)
    }

    @Test func aLibraryKeepsItsPictureSize() async throws {
        let folder = try TemporaryFolder()
        let library = ["--library", folder.path("l.sqlite")]
        let first = try await BlipProgram.run(
            ["index", samples, "--model", "demo", "--image-size", "64"] + library)
        #expect(first.status == 0, "\(first.errors)")
        // Not named again, it stays.
        let again = try await BlipProgram.run(["index", samples] + library)
        #expect(again.status == 0 && again.output == "4 unchanged\n", "\(again.errors)")
        let picture = samples + "/four-dogs.png"
        let alike = try await BlipProgram.run(["search", "--like", picture] + library)
        let nearest = alike.output.split(separator: "\n").first
        #expect(nearest?.hasSuffix("four-dogs.png") == true, "\(alike.errors)")
        let own = ["--image-size", "112"]
        let words = try await BlipProgram.run(["search", "dogs"] + own + library)
        #expect(words.status == 0, "\(words.errors)")
        for arguments in [
            ["index", samples], ["search", "--like", picture],
            ["search", "dogs", "--model", "demo-int8"],
        ] {
            let refused = try await BlipProgram.run(arguments + own + library)
            #expect(refused.status == 64 && refused.output.isEmpty, "\(arguments)")
            #expect(refused.errors.contains("was indexed with demo --image-size 64, and vectors"))
        }
    }

    @Test func whatIsWrongIsSaidBeforeAModelRuns() async throws {
        let folder = try TemporaryFolder()
        let missing = folder.path("none.sqlite")
        for arguments in [
            ["search", "dogs", "--library", missing], ["duplicates", "--library", missing],
            ["index", folder.path("none"), "--library", missing], ["search"],
            ["search", "dogs", "--rerank", "0"], ["search", "--like", samples, "--rerank", "3"],
            ["search", "dogs", "--cut-off", "2"], ["index", samples, "--library="],
            ["search", "dogs", "--cut-off", "0.9"], ["index", samples, "--dry-run"],
        ] {
            let result = try await BlipProgram.run(arguments)
            #expect(result.status == 64, "\(arguments): \(result.errors)")
            #expect(result.output.isEmpty && !result.errors.isEmpty)
        }
        #expect(!FileManager.default.fileExists(atPath: missing))
        let text = try folder.write("notes of mine".utf8, to: "notes.txt")
        let other = try await BlipProgram.run("index", samples, "--library", text)
        #expect(other.status == 64 && other.errors.contains("is no library"))
        #expect(try Data(contentsOf: URL(filePath: text)) == Data("notes of mine".utf8))
        let written = try await BlipProgram.run(
            ["index", samples, "--library", folder.path("full.sqlite")],
            under: BlipProgram.fullDisk)
        #expect(written.status == 73, "\(written.errors)")
    }

    /// On a terminal, which script(1) is: the list grows while the model looks, and the last one stays.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
    func whatFitsIsShownAsItIsFound() async throws {
        let folder = try TemporaryFolder()
        let library = folder.path("l.sqlite")
        _ = try await BlipProgram.run("index", samples, "--library", library, "--model", "demo")
        let result = try await BlipProgram.shell(
            """
            export BLIP; export L="$1"
            script -qefc '"$BLIP" search dogs --rerank 4 --cut-off 0 --library "$L"' /dev/null < /dev/null
            """, library)
        #expect(result.status == 0, "\(result.errors)")
        let drawings = result.output.components(separatedBy: "\u{1B}[J")
        // One for each picture, one that clears, and what stands before the first.
        #expect(drawings.count == 6)
        #expect(drawings.dropFirst().first?.contains(".png  ") == true)
        #expect(drawings.last?.components(separatedBy: ".png").count == 5)
        #expect(drawings.last?.contains(".png  ") == false)
    }

    /// A file that comes while the program watches is indexed, without being asked for.
    @Test func foldersAreWatched() async throws {
        let folder = try TemporaryFolder()
        let result = try await BlipProgram.shell(
            """
            mkdir "$1/photos"; cp "$2/four-dogs.png" "$1/photos/"
            "$BLIP" index "$1/photos" --library "$1/l.sqlite" --watch --model demo > "$1/log" &
            for i in $(seq 600); do [ -s "$1/log" ] && break; sleep 0.1; done
            cp "$2/three-pigs.png" "$1/photos/"
            for i in $(seq 600); do [ $(wc -l < "$1/log") -ge 2 ] && break; sleep 0.1; done
            kill $!; wait $!
            cat "$1/log"; exit 0
            """, folder.url.path, samples)
        #expect(result.output == "1 added\n1 added, 1 unchanged\n", "\(result.errors)")
    }
}
