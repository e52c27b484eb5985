import BlipPictures
import Foundation
import Testing

@Suite("Pixels in memory")
struct PixelFormatTests {
    @Test(arguments: [
        (Picture.PixelFormat.rgb, [1, 2, 3, 4, 5, 6] as [UInt8]),
        (.rgba, [1, 2, 3, 9, 4, 5, 6, 9]), (.bgra, [3, 2, 1, 9, 6, 5, 4, 9]),
    ])
    func colours(format: Picture.PixelFormat, bytes: [UInt8]) throws {
        let wide = try Picture(width: 2, height: 1, format: format, bytes: Data(bytes))
        #expect(wide.rgb == [1, 2, 3, 4, 5, 6])
        let rows = bytes.prefix(format.byteCount) + [7, 7] + bytes.suffix(format.byteCount)
        let high = try Picture(
            width: 1, height: 2, format: format, bytesPerRow: format.byteCount + 2,
            bytes: Data(rows))
        #expect((high.width, high.height) == (1, 2))
        #expect(high.rgb == [1, 2, 3, 4, 5, 6])
    }

    @Test func grey() throws {
        let picture = try Picture(width: 1, height: 2, format: .grey, bytes: Data([7, 9]))
        #expect(picture.rgb == [7, 7, 7, 9, 9, 9])
    }

    @Test(
        arguments: [
            (0, 1, nil, 12), (1, 0, nil, 12), (-1, 1, nil, 12), (1, .min, nil, 12), (2, 2, nil, 15),
            (2, 2, 7, 16), (2, 2, 9, 16), (.max, 1, nil, 16), (1, .max, nil, 16), (1, 1, -4, 16),
        ] as [(Int, Int, Int?, Int)])
    func sizesThatDoNotFit(width: Int, height: Int, bytesPerRow: Int?, count: Int) {
        #expect(throws: PictureError.self) {
            try Picture(
                width: width, height: height, format: .rgba, bytesPerRow: bytesPerRow,
                bytes: Data(count: count))
        }
    }
}
