import Foundation
import Testing

@Suite("blip watch")
struct WatchTests {
    private let model = ["--model", Repository.checkpoint("all-tasks")]

    @Test func aRelativeFolderIsFoundAndNotDrawnOver() async throws {
        let folder = try TemporaryFolder()
        let source = folder.url.appending(path: "frames")
        try FileManager.default.createDirectory(at: source, withIntermediateDirectories: false)
        let frame = source.appending(path: "a.jpg")
        try FileManager.default.copyItem(
            at: URL(filePath: Repository.photo("china.jpg")), to: frame)
        let before = try Data(contentsOf: frame)
        let watched = try await BlipProgram.shell(
            "cd \"$1\"; exec \"$BLIP\" watch frames --fast --ask 'is it red?' --model \"$2\"",
            folder.url.path, model[1])
        #expect(watched.status == 0, "\(watched.errors)")
        #expect(watched.output.contains("\"available\""))
        let drawn = try await BlipProgram.run(["watch", source.path, "--preview", frame.path])
        #expect(drawn.status == 64 && drawn.errors.contains("overwrite"), "\(drawn.errors)")
        #expect(try Data(contentsOf: frame) == before)
    }

    @Test func aFolderWithoutPicturesIsAFailure() async throws {
        let folder = try TemporaryFolder()
        let watched = try await BlipProgram.run(
            ["watch", folder.url.path, "--ask", "is it?"] + model)
        #expect(watched.status == 1, "\(watched.errors)")
        #expect(watched.output.contains("holds no pictures"))
    }

    @Test func withoutFFmpegItSaysHowToGetIt() async throws {
        let watched = try await BlipProgram.shell(
            "PATH=/nowhere exec \"$BLIP\" watch rtsp://127.0.0.1:1/x --ask 'is it red?' --model \"$1\"",
            model[1])
        #expect(watched.status == 69 && watched.errors.contains("apt install ffmpeg"))
    }

    @Test func optionsOfACameraAreRefusedBesideAConfiguration() async throws {
        let refused = try await BlipProgram.run("watch", "house.yaml", "--ask", "is it?", "--fast")
        #expect(refused.status == 64 && refused.errors.contains("--ask, --fast"))
    }
}
