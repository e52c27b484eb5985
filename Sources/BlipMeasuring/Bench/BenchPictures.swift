import BLIP
package import BlipCommandSupport
import BlipPictures
import Foundation

/// The pictures that `blip bench` measures with.
package struct BenchPictures: Sendable {
    private let pictures: [Picture]

    /// As many as the largest batch has.
    private static let count = 8

    /// - Parameters:
    ///   - inputs: the user's pictures, of which the first eight are used; `nil` for a drawn scene of
    ///     640 by 480 pixels.
    ///   - folder: where they lie.
    /// - Throws: ``Failure`` where there is no picture to read; one that cannot be read is told of.
    package init(_ inputs: [ImageInput]?, folder: String?) throws {
        guard let inputs else {
            pictures = [try Self.drawn(width: 640, height: 480)]
            return
        }
        var readable: [Picture] = []
        for input in inputs where readable.count < Self.count {
            do throws(PictureError) {
                readable.append(try input.load())
            } catch {
                Terminal.complain(error.message)
            }
        }
        guard !readable.isEmpty else {
            throw Failure(
                .usage,
                "--images \(folder ?? "") holds no picture that can be read; name one that does.")
        }
        pictures = readable
    }

    /// Some pictures, beginning at one; from the first again after the last.
    func some(_ count: Int, from start: Int = 0) -> [Picture] {
        (0..<count).map { pictures[(start + $0) % pictures.count] }
    }

    /// The first picture, resized to four by three and so many million pixels.
    func first(megapixels: Double) throws -> Picture {
        let height = (megapixels * 1e6 * 3 / 4).squareRoot()
        return try pictures[0].resized(
            width: Int((height * 4 / 3).rounded()), height: Int(height.rounded()))
    }

    /// A sky, a sun, a hill, and grain as a camera's, so that it is no easier to decode than a
    /// photograph; the same each time.
    private static func drawn(width: Int, height: Int) throws -> Picture {
        var rgb: [UInt8] = []
        rgb.reserveCapacity(width * height * 3)
        var grain: UInt32 = 1
        for row in 0..<height {
            let y = Double(row) / Double(height)
            for column in 0..<width {
                let x = Double(column) / Double(width)
                grain = grain &* 1_664_525 &+ 1_013_904_223
                let noise = Double(grain >> 24) / 16 - 8
                var colour = (90 + 100 * y, 150 + 70 * y, 230.0)
                let (dx, dy) = ((x - 0.72) * 4 / 3, y - 0.25)
                if dx * dx + dy * dy < 0.015 { colour = (250, 215, 90) }
                if y > 0.7 - 0.2 * x * (1.4 - x) { colour = (70 + 50 * y, 140 - 40 * y, 60) }
                for value in [colour.0, colour.1, colour.2] {
                    rgb.append(UInt8(max(0, min(255, value + noise))))
                }
            }
        }
        return try Picture(width: width, height: height, rgb: rgb)
    }
}
