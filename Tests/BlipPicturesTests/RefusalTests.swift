import Foundation
import BlipPictures
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

    @Test(arguments: [
        ("hello, world\n", "is text"), ("Schöne Grüße", "is text"),
        ("BMW makes cars, and trains were never among them.", "is text"),
        ("P6\n2 2\n255\n", "a PPM, PGM or PBM picture"), ("%PDF-1.7 ", "a PDF"),
        ("<?xml version='1.0'?><svg width='1'/>", "an SVG"), ("8BPS\0\u{1}", "a Photoshop file"),
        ("\n<!DOCTYPE html><head>", "a web page"), ("PK\u{3}\u{4}", "an archive"),
        ("BM\0\0\0\0\0\0\0\0\u{36}\0\0\0\u{28}\0\0\0\u{1}\0\0\0\u{1}\0\0\0", "a BMP picture"),
        ("\0\0\0\u{C}jP  \r\n", "a JPEG 2000 picture"),
        ("\0\0\0\u{C}JXL \r\n", "a JPEG XL picture"),
        ("\0\0\0\u{18}ftypheic\0\0\0\0mif1heic", "a HEIC picture"),
        ("\0\0\0\u{18}ftypmif1\0\0\0\0mif1avif", "an AVIF picture"),
        ("\0\0\0\u{18}ftypisom\0\0\0\0isomavc1", "a video"),
        ("\0\0\0\u{18}ftypcrx \0\0\0\0crx isom", "raw photo"), ("FUJIFILMCCD-RAW ", "raw photo"),
        ("\0\0\u{1}\0\u{1}\0", "an icon"), ("\0\0\0\0", "nothing but zeros"),
        ("version https://git-lfs.github.com/spec/v1", "git lfs pull"),
    ])
    func whatIsKnownAndNotReadIsNamed(_ text: String, words: String) throws {
        let error = try refusal { _ = try Picture(bytes: Array(text.utf8), name: "cat.jpg") }
        #expect(error.code == .unknownFormat)
        #expect(error.message.contains(words))
    }

    /// Sound files: no advice to fetch them again.
    @Test(arguments: [
        ("C0", "08", "damaged JPEG"), ("C0", "0C", "12 bits a channel"),
        ("C3", "08", "a lossless JPEG"),
        ("F7", "08", "JPEG-LS"),
    ])
    func formsOfJPEGThatAreNotReadAreNamed(marker: String, bits: String, words: String) throws {
        let header = "FFD8 FFE0 0004 0000 FF\(marker)000B \(bits) 0008 0008 01 011100"
        let bytes = hexadecimal(header)
        let error = try refusal { _ = try Picture(bytes: bytes, name: "cat.jpg") }
        #expect(error.message.contains(words))
        #expect(error.code == (words == "damaged JPEG" ? .damaged : .unsupportedPixels))
    }

    @Test(arguments: [
        (258, 12, "12 bits a channel"), (259, 34933, "PNG"), (259, 34712, "JPEG 2000"),
        (259, 64999, "compression 64999"), (339, 3, "floating-point pixels"),
        (339, 2, "signed pixels"), (50706, 1, "raw photo"),
    ])
    func formsOfTIFFThatAreNotReadAreNamed(tag: Int, value: Int, words: String) throws {
        var entries = [tag: value]
        if tag == 339 { entries[258] = 16 }
        // A raw photo whose first picture can be read is read, as in Pillow.
        if tag == 50706 { entries[273] = 1 << 15 }
        let bytes = tiff(entries)
        let error = try refusal { _ = try Picture(bytes: bytes, name: "cat.tif") }
        #expect(error.message.contains(words))
        #expect(error.code == .unsupportedPixels)
    }

    /// libvips with several workers a picture misses damage in a few of a hundred tries.
    @Test func damageIsNeverMissed() throws {
        #expect(try Picture(bytes: tiff([:])).rgb == [UInt8](repeating: 7, count: 12))
        let broken = tiff([273: 1 << 15])
        for _ in 0..<300 { _ = try refusal { _ = try Picture(bytes: broken) } }
    }

    /// A TIFF of 4 × 1 grey pixels, with other values for some entries.
    private func tiff(_ changes: [Int: Int]) -> [UInt8] {
        let sound = [256: 4, 257: 1, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 1, 279: 8]
        let entries = sound.merging(changes) { $1 }.sorted { $0.key < $1.key }
        let little = { (number: Int, width: Int) in
            (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        let pixels = [UInt8](repeating: 7, count: 8)
        var bytes = [0x49, 0x49, 42, 0, 16, 0, 0, 0] + pixels + little(entries.count, 2)
        for (tag, value) in entries {
            bytes += little(tag, 2) + little(3, 2) + little(1, 4) + little(value, 4)
        }
        return bytes + little(0, 4)
    }

    private func hexadecimal(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
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
