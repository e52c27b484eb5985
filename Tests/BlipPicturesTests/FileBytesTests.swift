import Foundation
import Testing

@testable import BlipPictures

@Suite("Files, pipes and devices, and their names")
struct FileBytesTests {
    private func error(_ body: () throws -> Void) throws -> PictureError {
        try #require(throws: PictureError.self) { try body() }
    }

    /// Gives a pipe with a name to `body`.
    private func withPipe(_ body: (RawPath) throws -> Void) throws {
        try Fixture.withTemporaryFolder { folder in
            let pipe = RawPath(folder).appending("cam.jpg".utf8)
            #expect(pipe.withCString { mkfifo($0, 0o600) } == 0)
            try body(pipe)
        }
    }

    @Test func aPipeThatNobodyWritesToIsNotWaitedForForEver() throws {
        try withPipe { pipe in
            let reader = FileBytes(limit: 1 << 20, idleTimeout: .milliseconds(20))
            let found = try error { _ = try reader.read(pipe) }
            #expect(found.code == .unreadableFile)
            #expect(found.message.hasPrefix("cam.jpg is a pipe or device, and gave nothing for"))
        }
    }

    @Test func aPipeIsReadToItsEnd() throws {
        let picture = try Fixture.bytes("formats/rgb.png")
        try withPipe { pipe in
            // Longer than a pipe holds, in pieces that tell nothing alone.
            let bytes = picture + [UInt8](repeating: 0, count: 300_000)
            let writer = Thread {
                let descriptor = pipe.withCString { open($0, O_WRONLY) }
                for piece in [bytes[..<3], bytes[3..<700], bytes[700...]] {
                    try? FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
                        .write(contentsOf: piece)
                }
                close(descriptor)
            }
            writer.start()
            let reader = FileBytes(limit: 1 << 20, idleTimeout: .seconds(60))
            let read = try reader.read(pipe)
            #expect(read == bytes)
        }
    }

    @Test func whatNeverEndsEnds() throws {
        // No picture: known by its first bytes.
        let zeros = try FileBytes(limit: 1 << 30).read(RawPath("/dev/zero"))
        #expect(zeros.count < 1 << 20)
        // Were it one, by its length.
        let endless = FileBytes(limit: 1 << 20, isWanted: { _ in true })
        let found = try error { _ = try endless.read(RawPath("/dev/zero")) }
        #expect(found.code == .tooLarge)
    }

    @Test func whatTheSystemSaysIsSaidInWords() throws {
        try Fixture.withTemporaryFolder { folder in
            let path = { (name: String) in folder.appending(path: name).path }
            try FileManager.default.createSymbolicLink(
                atPath: path("gone.png"), withDestinationPath: path("nowhere.png"))
            try FileManager.default.createSymbolicLink(
                atPath: path("loop.png"), withDestinationPath: path("loop.png"))
            for (name, words) in [
                ("gone.png", "gone.png is a link to a file that is not there"),
                ("loop.png", "loop.png is a link that leads back to itself"),
                (String(repeating: "n", count: 300), "name is longer"),
                ("a\nb.png", "There is no file"),
            ] {
                let found = try error { _ = try Picture(contentsOf: URL(filePath: path(name))) }
                #expect(found.code == .missingFile)
                #expect(found.message.contains(words), "\(found.message)")
            }
        }
    }

    @Test func namesThatAreNotUTF8() throws {
        let names: [([UInt8], String)] = [
            (Array("plain.png".utf8), "plain.png"),
            (Array("ü 100%?#;é.png".utf8), "ü 100%?#;é.png"),
            (Array("caf".utf8) + [0xE9] + Array(".png".utf8), "caf\\xE9.png"),
            ([0xFF, 0xC3] + Array("ü.png".utf8) + [0xE2, 0x82], "\\xFF\\xC3ü.png\\xE2\\x82"),
        ]
        let picture = try Fixture.bytes("formats/rgb.png")
        try Fixture.withTemporaryFolder { folder in
            for (name, text) in names {
                let path = RawPath(folder).appending(name)
                #expect(path.lastComponent.description == text)
                // There and back, byte for byte.
                #expect(RawPath(path.url) == path)
                let file = path.withCString { open($0, O_WRONLY | O_CREAT, 0o600) }
                #expect(file >= 0)
                picture.withUnsafeBytes { _ = write(file, $0.baseAddress, $0.count) }
                close(file)
                let read = try Picture(contentsOf: path.url)
                #expect(read.width > 0)
            }
            let missing = RawPath(folder).appending([0xE9])
            let found = try error { _ = try Picture(contentsOf: missing.url) }
            #expect(found.message.contains("\\xE9"))
        }
        let relative = RawPath(bytes: [0xE9])
        #expect(RawPath(relative.url).description.hasSuffix("/\\xE9"))
    }
}
