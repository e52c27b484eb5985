import BlipPictures
import Foundation
import Testing

@testable import PhotoLibrary

/// A folder of pictures that is gone after the test.
struct PhotoFolder: ~Copyable {
    let path: RawPath

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(
            path: "blip-words-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = RawPath(url.path)
    }

    deinit { try? FileManager.default.removeItem(at: path.url) }

    /// A picture of noise that depends on the name; its format is the ending's.
    @discardableResult
    func picture(_ name: String, as ending: String = "jpg") throws -> RawPath {
        try picture(Array(name.utf8), as: ending)
    }

    @discardableResult
    func picture(_ name: [UInt8], as ending: String = "jpg") throws -> RawPath {
        var state = name.reduce(1 as UInt64) { $0 &* 31 &+ UInt64($1) }
        let pixels = (0..<32 * 24 * 3).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        let plain = path.appending("made.\(ending)".utf8).url
        try Picture(width: 32, height: 24, rgb: pixels).write(to: plain)
        let file = path.appending(name)
        try #require(
            RawPath(plain).withCString { from in file.withCString { rename(from, $0) } } == 0)
        return file
    }

    func write(_ text: String, to name: String) throws -> RawPath {
        let file = path.appending(name.utf8)
        try Data(text.utf8).write(to: file.url)
        return file
    }

    /// Names of all that is there, hidden files too.
    var names: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: path.description).sorted()
        }
    }
}

extension RawPath {
    func bytes() throws -> [UInt8] { try FileBytes(limit: 1 << 30) { _ in true }.read(self) }
}

/// What exiftool tells of a file, all of it but what the system says.
func allMetadata(of file: RawPath, _ tool: ExifTool) async throws -> [String: String] {
    let reply = try await tool.execute(
        ["-j", "-G1", "-a", "-struct", "-x", "System:all", "-x", "ExifTool:all", file.description])
    let objects = try JSONSerialization.jsonObject(with: Data(reply.output)) as? [[String: Any]]
    var found = try #require(objects?.first)
    found["SourceFile"] = nil
    return found.mapValues { "\($0)" }
}
