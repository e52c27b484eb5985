import BlipPictures
import Testing

@testable import BlipCameras

@Suite struct RegionTests {
    /// Each pixel tells its place.
    private func frame() throws -> Picture {
        try Picture(
            width: 10, height: 10,
            rgb: (0..<100).flatMap { [UInt8($0 % 10), UInt8($0 / 10), 200] })
    }

    @Test func aBoxIsCut() throws {
        let crop = Region(x: 0.2, y: 0.5, width: 0.3, height: 0.4).crop(try frame())
        #expect(crop.width == 3 && crop.height == 4)
        #expect(Array(crop.rgb.prefix(3)) == [2, 5, 200])
        #expect(Array(crop.rgb.suffix(3)) == [4, 8, 200])
    }

    @Test func whatIsOutsideAPolygonIsGrey() throws {
        let region = try #require(Region(written: "0,0,1,0,0,1"))
        let crop = region.crop(try frame())
        #expect(crop.width == 10 && crop.height == 10)
        #expect(Array(crop.rgb.prefix(3)) == [0, 0, 200])
        #expect(Array(crop.rgb.suffix(3)) == [127, 127, 127])
    }

    @Test func aPixelIsLeftOfTheSmallestRegion() throws {
        let crop = Region(x: 0.99, y: 0.99, width: 0.001, height: 0.001).crop(try frame())
        #expect(crop.width == 1 && crop.height == 1)
    }

    @Test(arguments: [
        "", "1,2", "0,0,0,1", "0,0,1.5,1", "0.5,0,0.6,1", "a,b,c,d", "0,0,1,1,0", "nan,0,1,1",
    ])
    func whatIsNoRegionIsRefused(text: String) { #expect(Region(written: text) == nil) }

    @Test func aThingThatMovesChangesTheGridAndNoiseDoesNot() throws {
        // The same in every run.
        var state: UInt64 = 1
        let noise = { () -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8((state >> 33) % 13)
        }
        let still = try Picture(
            width: 240, height: 240, rgb: (0..<240 * 240 * 3).map { _ in 100 + noise() })
        let noisy = try Picture(
            width: 240, height: 240, rgb: (0..<240 * 240 * 3).map { _ in 100 + noise() })
        var moved = still.rgb
        for row in 100..<120 {
            for column in 100..<120 {
                for colour in 0..<3 { moved[(row * 240 + column) * 3 + colour] = 160 }
            }
        }
        let grid = BrightnessGrid(still)
        #expect(grid.change(from: BrightnessGrid(noisy)) < 0.02)
        #expect(
            BrightnessGrid(try Picture(width: 240, height: 240, rgb: moved)).change(from: grid)
                > 0.1)
        #expect(
            BrightnessGrid(try Picture(width: 1, height: 1, rgb: [0, 0, 0])).change(from: grid) == 1
        )
    }
}
