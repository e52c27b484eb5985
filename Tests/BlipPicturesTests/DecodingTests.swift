import Foundation
import BlipPictures
import Testing

@Suite struct DecodingTests {
    @Test func theReferenceIsThere() throws {
        let reference = try #require(Reference.shared)
        #expect(reference.formats.count > 40)
        #expect(reference.resizing.count > 50)
    }

    @Test(arguments: Reference.shared?.formats ?? [])
    func everyFormatIsReadAsPillowReadsIt(_ format: Reference.Format) throws {
        let picture = try Picture(contentsOf: Fixture.url("formats/\(format.file)"))
        try #require(picture.width == format.width)
        try #require(picture.height == format.height)
        let expected = try Fixture.bytes("formats/\(format.file).rgb")
        #expect(Fixture.difference(of: picture, from: expected) <= format.tolerance)
    }

    @Test func bytesAndDataAndFilesGiveTheSamePicture() throws {
        let bytes = try Fixture.bytes("formats/lzw.tiff")
        let picture = try Picture(contentsOf: Fixture.url("formats/lzw.tiff"))
        #expect(try Picture(bytes: bytes).rgb == picture.rgb)
        #expect(try Picture(bytes: Data(bytes)).rgb == picture.rgb)
    }

    @Test func fastLoadingShrinksLargeJPEGsAndStaysClose() throws {
        // 1600 × 1200 pixels of a photo, so that half of it is still twice 300.
        let large = try Picture(contentsOf: Fixture.url("coffee.jpg"))
            .resized(width: 1600, height: 1200)
        try Fixture.withTemporaryFolder { folder in
            let file = folder.appending(path: "large.jpg")
            try large.write(to: file)
            #expect(try Data(contentsOf: file) == large.jpeg())
            var options = PictureOptions()
            options.detail = .fast(side: 300)
            let fast = try Picture(contentsOf: file, options: options)
            #expect((fast.width, fast.height) == (800, 600))
            let exact = try Picture(contentsOf: file)
            #expect((exact.width, exact.height) == (1600, 1200))
            let pair = try (
                fast.resized(width: 64, height: 64).rgb, exact.resized(width: 64, height: 64).rgb
            )
            let sum = zip(pair.0, pair.1).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
            #expect(Double(sum) / Double(pair.0.count) < 1)
            options.detail = .fast(side: 301)
            #expect(try Picture(contentsOf: file, options: options).width == 1600)
        }
    }

    /// Photos of 108 megapixels are read whole, and larger ones at a half, a quarter or an eighth.
    @Test func largeJPEGsShrinkWhileTheyLoad() throws {
        #expect(PictureOptions().maximumPixels >= 108_000_000)
        let large = try Picture(contentsOf: Fixture.url("coffee.jpg"))
            .resized(width: 801, height: 600).jpeg()
        var options = PictureOptions()
        for (limit, width) in [(480_600, 801), (480_599, 400), (119_999, 200), (29_999, 100)] {
            options.maximumPixels = limit
            #expect(try Picture(bytes: large, options: options).width == width)
        }
        options.maximumPixels = 7_499
        #expect(throws: PictureError.self) { try Picture(bytes: large, options: options) }
        options.maximumPixels = 480_599
        options.shrinksOversizedJPEGs = false
        #expect(throws: PictureError.self) { try Picture(bytes: large, options: options) }
        // The decoder of a progressive JPEG holds all of it.
        options.shrinksOversizedJPEGs = true
        options.maximumPixels = 48 * 36 - 1
        let progressive = try Fixture.bytes("formats/progressive.jpg")
        #expect(throws: PictureError.self) { try Picture(bytes: progressive, options: options) }
        let plain = try Fixture.bytes("formats/rgb.jpg")
        #expect(try Picture(bytes: plain, options: options).width == 24)
    }
}
