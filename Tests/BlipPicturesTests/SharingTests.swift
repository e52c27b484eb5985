import Foundation
import BlipPictures
import Testing

@Suite struct SharingTests {
    @Test func manyTasksDecodeAtOnce() async throws {
        let names = ["rgb.jpg", "lossy.webp", "lzw.tiff", "palette.png", "16bit-rgb.png"]
        let expected = try names.map { try Picture(contentsOf: Fixture.url("formats/\($0)")).rgb }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<200 {
                group.addTask {
                    let which = index % names.count
                    let bytes = try Fixture.bytes("formats/\(names[which])")
                    // A broken one among them must not disturb the others.
                    if index.isMultiple(of: 7) {
                        let cut = Array(bytes.prefix(bytes.count / 2))
                        return (try? Picture(bytes: cut)) == nil
                    }
                    return try Picture(bytes: bytes).rgb == expected[which]
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    #if os(Linux)
        /// In a process of its own: what other suites take meanwhile must not count.
        @Test func memoryStaysFlat() async {
            await #expect(processExitsWith: .success) {
                let bytes = try Fixture.bytes("coffee.jpg")
                func residentPages() throws -> Int {
                    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
                    return try #require(Int(text.split(separator: " ")[1]))
                }
                func decode(_ times: Int) throws {
                    for round in 0..<times {
                        _ = try Picture(bytes: bytes)
                        // Failures must give back what they took, too.
                        if round.isMultiple(of: 4) {
                            _ = try? Picture(bytes: Array(bytes.prefix(9000)))
                        }
                    }
                }
                try decode(50)
                let before = try residentPages()
                try decode(500)
                // 500 pictures have 130 MB of pixels: a leak of 2 % of them would show.
                let growth = (try residentPages() - before) * 4096
                precondition(growth < 3 << 20, "grew by \(growth) bytes")
            }
        }

        /// A PNG of 5 MB whose texts would take gigabytes.
        @Test func textsThatGrowTakeNoMemory() async {
            await #expect(processExitsWith: .success) {
                let chunk = PNGText.letters(count: 8 << 20)
                var bytes = try Fixture.bytes("formats/rgb.png")
                // After the signature and the IHDR chunk.
                bytes.insert(contentsOf: Array(repeatElement(chunk, count: 100).joined()), at: 33)
                let picture = try Picture(bytes: bytes)
                let expected = try Fixture.bytes("formats/rgb.png.rgb")
                precondition(picture.rgb == expected)
                let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
                let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
                let words = try #require(peak).split(whereSeparator: \.isWhitespace)
                let kilobytes = try #require(words.dropFirst().first.flatMap { Int($0) })
                precondition(kilobytes < 500_000, "took \(kilobytes) kB")
            }
        }
    #endif

    @Test func theVersionIsTold() {
        #expect(LibVips.version.hasPrefix("8."))
    }
}
