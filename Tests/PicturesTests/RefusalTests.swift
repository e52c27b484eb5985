import Foundation
import Pictures
import Testing

@Suite struct RefusalTests {
    private func refusal(_ body: () throws -> Void) throws -> PictureError {
        let error = try #require(throws: PictureError.self) { try body() }
        // One sentence that ends, and says what to do after a colon.
        #expect(error.message.hasSuffix("."))
        #expect(error.message.contains(": "))
        #expect(!error.message.contains("\n"))
        return error
    }

    @Test func whatIsNoPictureIsNamed() throws {
        let cases: [([UInt8], PictureError.Code, String)] = [
            ([], .empty, "empty"),
            (Array("hello, world\n".utf8), .unknownFormat, "is text"),
            (Array("%PDF-1.7 ".utf8), .unknownFormat, "a PDF"),
            (Array("<svg width='1' height='1'/>".utf8), .unknownFormat, "an SVG"),
            ([0, 0, 0, 24] + Array("ftypheic".utf8), .unknownFormat, "HEIC"),
            ([1, 2, 3, 200, 0], .unknownFormat, "is not a JPEG"),
            ([0xFF, 0xD8, 0xFF], .damaged, "damaged JPEG"),
            (Array("GIF89a".utf8), .damaged, "damaged GIF"),
        ]
        for (bytes, code, words) in cases {
            let error = try refusal { _ = try Picture(bytes: bytes, name: "cat.jpg") }
            #expect(error.code == code)
            #expect(error.message.contains("cat.jpg"))
            #expect(error.message.contains(words))
        }
    }

    @Test func missingFilesAndFoldersAreNamed() throws {
        let missing = try refusal { _ = try Picture(contentsOf: Fixture.url("no-such.jpg")) }
        #expect(missing.code == .missingFile)
        #expect(missing.message.contains("no-such.jpg"))
        let folder = try refusal { _ = try Picture(contentsOf: Fixture.url("formats")) }
        #expect(folder.code == .isFolder)
    }

    @Test func theHeaderIsCheckedBeforeDecoding() throws {
        // A PNG of 50,000 × 50,000 pixels with hardly any pixels in it.
        let header: [UInt8] = [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
            0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50, 8, 2, 0, 0, 0, 0xC4, 0xCD, 0xAA, 0x9D,
        ]
        let pixels: [UInt8] = [
            0x00, 0x00, 0x00, 0x0C, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0x60, 0xA0, 0x3D,
            0x00, 0x00, 0x00, 0x64, 0x00, 0x01, 0x86, 0x64, 0x3C, 0x35,
        ]
        let error = try refusal { _ = try Picture(bytes: header + pixels) }
        #expect(error.code == .tooLarge)
        #expect(error.message.contains("50000 × 50000"))

        var options = PictureOptions()
        options.maximumPixels = 48 * 36 - 1
        let file = Fixture.url("formats/rgb.png")
        #expect(
            try refusal { _ = try Picture(contentsOf: file, options: options) }.code == .tooLarge)
        options.maximumPixels += 1
        #expect(try Picture(contentsOf: file, options: options).width == 48)
        options.maximumBytes = 100
        #expect(
            try refusal { _ = try Picture(contentsOf: file, options: options) }.code == .tooLarge)
    }

    @Test(arguments: [
        "rgb.jpg", "progressive.jpg", "rgb.png", "lossy.webp", "lzw.tiff", "still.gif",
    ])
    func truncatedPicturesAreRefusedOrMarked(_ name: String) throws {
        let bytes = try Fixture.bytes("formats/\(name)")
        let cut = Array(bytes.prefix(bytes.count * 7 / 10))
        let error = try refusal { _ = try Picture(bytes: cut, name: name) }
        #expect([.truncated, .damaged].contains(error.code))
        if name == "rgb.jpg" {
            #expect(error.code == .truncated)
            var options = PictureOptions()
            options.acceptsTruncated = true
            let part = try Picture(bytes: cut, options: options)
            #expect(part.isTruncated)
            #expect(part.width == 48)
            // Its beginning is the whole picture's.
            #expect(try part.rgb.prefix(30) == Picture(bytes: bytes).rgb.prefix(30))
        }
    }

    @Test func floatsAreRefused() throws {
        let file = Fixture.url("formats/float.tiff")
        #expect(try refusal { _ = try Picture(contentsOf: file) }.code == .unsupportedPixels)
    }

    @Test func pixelsMustFitTheirSize() throws {
        for (width, height, count) in [(2, 2, 11), (0, 0, 0), (-1, -1, 3), (Int.max, 3, 9)] {
            _ = try refusal {
                _ = try Picture(
                    width: width, height: height, rgb: [UInt8](repeating: 0, count: count))
            }
        }
    }
}
