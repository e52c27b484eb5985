import Dispatch
import Foundation
import Testing

@testable import BLIP

@Suite("Files that are written beside their place")
struct DraftTests {
    /// - Parameter body: is given a file's place in a folder that is gone after it.
    private func withFile(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "draft-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.appending(path: "a.json"))
    }

    private func names(beside file: URL) throws -> [String] {
        let folder = file.deletingLastPathComponent().path
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    private func draft(of file: URL) -> URL {
        file.deletingLastPathComponent().appending(path: ".a.json.draft")
    }

    /// As by a program that was killed while it wrote.
    @Test func oneThatWasLeftIsTaken() throws {
        try withFile { file in
            try Data("old".utf8).write(to: file)
            try Data("a part of what was to be there".utf8).write(to: draft(of: file))
            try Draft.write(Data("new".utf8), to: file)
            #expect(try Data(contentsOf: file) == Data("new".utf8))
            #expect(try names(beside: file) == ["a.json"])
        }
    }

    @Test func oneThatIsBeingWrittenIsLeftAlone() throws {
        try withFile { file in
            let draft = draft(of: file)
            try Data("another's".utf8).write(to: draft)
            let descriptor = open(draft.path, O_WRONLY)
            #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            try Draft.write(Data("new".utf8), to: file)
            #expect(try Data(contentsOf: file) == Data("new".utf8))
            let folder = file.deletingLastPathComponent()
            Draft.removeLeft(in: folder) { _ in true }
            #expect(try Data(contentsOf: draft) == Data("another's".utf8))
            close(descriptor)
            Draft.removeLeft(in: folder) { $0 == "b.json" }
            #expect(try names(beside: file) == [".a.json.draft", "a.json"])
            Draft.removeLeft(in: folder) { $0 == "a.json" }
            #expect(try names(beside: file) == ["a.json"])
        }
    }

    @Test func aPrivateFileStaysPrivate() throws {
        try withFile { file in
            try Data("old".utf8).write(to: file)
            chmod(file.path, 0o600)
            try Draft.write(Data("new".utf8), to: file)
            var status = stat()
            let isThere = lstat(file.path, &status) == 0
            #expect(isThere && status.st_mode & 0o777 == 0o600)
            #expect(try Data(contentsOf: file) == Data("new".utf8))
        }
    }

    /// Whoever is last gives the name, and nobody's bytes are among another's.
    @Test func ofManyAtOnceOneIsThereWhole() throws {
        try withFile { file in
            DispatchQueue.concurrentPerform(iterations: 200) { number in
                try? Draft.write(Data(repeating: UInt8(number), count: 1 + number * 100), to: file)
            }
            let data = try Data(contentsOf: file)
            let number = try #require(data.first)
            #expect(data == Data(repeating: number, count: 1 + Int(number) * 100))
            #expect(try names(beside: file) == ["a.json"])
        }
    }

    @Test func whereNoneCanBeWrittenNothingIsLeft() throws {
        try withFile { file in
            try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
            #expect(throws: CocoaError.self) { try Draft.write(Data("new".utf8), to: file) }
            #expect(try names(beside: file) == ["a.json"])
            let below = file.appending(path: "none/b.json")
            #expect(throws: CocoaError.self) { try Draft.write(Data("new".utf8), to: below) }
        }
    }
}
