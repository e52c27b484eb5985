import Pictures
import Testing

@Suite struct PreprocessingTests {
    @Test func aWhitePixelBecomesTheLargestValueOfEachChannel() throws {
        let white = try Picture(width: 1, height: 1, rgb: [255, 255, 255])
        let pixels = try PixelPreprocessing().pixelValues(of: white)
        #expect((pixels.height, pixels.width) == (384, 384))
        #expect(pixels.values.count == 3 * 384 * 384)
        #expect(pixels.values[0] == (1 - Float(0.48145466)) / Float(0.26862954))
    }
}
