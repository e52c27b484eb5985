import BlipPictures
import Testing

@Suite struct ResizingTests {
    @Test func everyFilterEqualsPillowByteForByte() throws {
        for each in try #require(Reference.shared).resizing {
            let filter = try #require(Resampling(rawValue: each.filter))
            let resized = try Fixture.noise(each.from[0], each.from[1])
                .resized(width: each.to[0], height: each.to[1], filter: filter)
            let hash = resized.withUnsafeBytes { Fixture.hash($0) }
            #expect(hash == each.hash, "\(each.from) to \(each.to) with \(filter)")
        }
    }

    @Test func onePixelGrowsToAnEvenSheet() throws {
        let sheet = try Picture(width: 1, height: 1, rgb: [10, 20, 30])
            .resized(width: 384, height: 384)
        #expect(Set(sheet.rgb) == [10, 20, 30])
        #expect(sheet.rgb.count == 384 * 384 * 3)
    }

    @Test func impossibleSizesAreRefused() throws {
        let picture = try Fixture.noise(4, 4)
        for (width, height) in [(0, 1), (1, -1), (70_000, 1), (60_000, 60_000)] {
            let error = #expect(throws: PictureError.self) {
                try picture.resized(width: width, height: height)
            }
            #expect(error?.code == .invalidPreprocessing)
        }
    }

    /// While a picture is decoded, and after it: every filter, order of passes, layout and orientation.
    @Test(arguments: Resampling.allCases)
    func resizingWhileDecodingGivesTheSameBytes(_ filter: Resampling) throws {
        for name in ["coffee.jpg"]
            + [
                "cmyk.jpg", "grey.png", "still.gif", "lzw.tiff", "16bit-rgb.png",
                "orientation-6.jpg",
            ].map({ "formats/" + $0 })
        {
            let whole = try Picture(contentsOf: Fixture.url(name))
            for (width, height) in [(24, 24), (48, 36), (96, 20), (10, 100), (48, 3)] {
                var options = PictureOptions()
                options.resizing = .init(width: width, height: height, filter: filter)
                let small = try Picture(contentsOf: Fixture.url(name), options: options)
                #expect((small.width, small.height) == (width, height))
                #expect(
                    try small.rgb == whole.resized(width: width, height: height, filter: filter).rgb
                )
            }
        }
        var options = PictureOptions()
        options.resizing = .init(width: 0, height: 10)
        #expect(throws: PictureError.self) {
            try Picture(contentsOf: Fixture.url("coffee.jpg"), options: options)
        }
    }
}
