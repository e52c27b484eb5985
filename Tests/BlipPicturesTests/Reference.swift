import Foundation
import BlipPictures
import Testing

/// What Tools/picture-reference/record.py recorded.
struct Reference: Decodable {
    struct Format: Decodable, Sendable, CustomTestStringConvertible {
        let file: String
        let width: Int
        let height: Int
        let tolerance: Int
        var testDescription: String { file }
    }
    struct Resizing: Decodable, Sendable {
        let from: [Int]
        let to: [Int]
        let filter: Int
        let hash: String
    }
    struct Preprocessing: Decodable, Sendable {
        let from: [Int]
        let configuration: String
        let height: Int
        let width: Int
        let hash: String
    }
    struct Photo: Decodable, Sendable {
        let file: String
        let step: Int
        let samples: [Float]
    }

    let formats: [Format]
    let resizing: [Resizing]
    let preprocessing: [Preprocessing]
    let photos: [Photo]

    /// `nil` only where the fixtures are missing; the test below it then fails.
    static let shared: Reference? = try? JSONDecoder().decode(
        Reference.self, from: Data(contentsOf: Fixture.url("reference.json")))
}

enum Fixture {
    static func url(_ name: String) -> URL {
        Bundle.module.bundleURL.appending(path: "Fixtures").appending(path: name)
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: url(name)))
    }

    /// The same pseudo-random pixels as record.py's `noise`.
    static func noise(_ width: Int, _ height: Int) throws -> Picture {
        let rgb = (0..<UInt64(width * height * 3)).map { index in
            var state = (index &* 2_654_435_761 &+ 12345) & 0xFFFF_FFFF
            state ^= state >> 15
            return UInt8((state >> 7) & 255)
        }
        return try Picture(width: width, height: height, rgb: rgb)
    }

    /// FNV-1a, 64 bits.
    static func hash(_ bytes: UnsafeRawBufferPointer) -> String {
        let value = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The largest difference of a byte; that of other sizes is 256.
    static func difference(of picture: Picture, from expected: [UInt8]) -> Int {
        let pixels = picture.rgb
        guard pixels.count == expected.count else { return 256 }
        return zip(pixels, expected).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
    }

    /// A folder of its own for a test that writes, removed after `body`.
    static func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }
}
