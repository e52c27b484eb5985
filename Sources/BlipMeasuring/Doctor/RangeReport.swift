package import BLIP
package import BlipCommandSupport
import BlipPictures
package import Foundation

/// How near a model's numbers come to the end of f16's range over a user's pictures: `blip doctor --calibrate`.
package struct RangeReport {
    /// An operation: a JSON line.
    package struct Row: Encodable, Sendable {
        package let part: String
        package let node: String
        /// `null` for what is no number.
        let magnitude: Float?
        /// Of f16's range.
        let share: Float?
        /// Whether an f16 device may overflow there with pictures unlike these.
        package let isLarge: Bool

        enum CodingKeys: String, CodingKey {
            case part, node, magnitude, share
            case isLarge = "large"
        }
    }

    /// The largest numbers first.
    package let rows: [Row]
    package let pictureCount: Int

    /// Of f16's range; the rest is for pictures that are not among these.
    static let limit: Float = 1 / 3

    /// - Parameters:
    ///   - folder: the model.
    ///   - progress: called after each picture.
    /// - Throws: where no picture can be read, or the model cannot run; one that cannot be read is told of.
    package init(
        _ folder: URL, options: RuntimeOptions, over pictures: [ImageInput], progress: () -> Void
    ) async throws {
        let model = try BlipModel(folder: folder, options: options)
        let probe = try MagnitudeProbe(folder: folder, options: options)
        var count = 0
        for input in pictures {
            do {
                let picture = try input.load(await model.pictureOptions)
                try probe.add(model.prepare(picture))
                count += 1
            } catch let error as PictureError {
                Terminal.complain(error.message)
            }
            progress()
        }
        guard count > 0 else {
            throw Failure(.usage, "None of the pictures can be read; name a folder of others.")
        }
        pictureCount = count
        rows = probe.magnitudes.map { found in
            let isNumber = found.value.isFinite
            return Row(
                part: found.part.rawValue, node: found.node,
                magnitude: isNumber ? found.value : nil, share: isNumber ? found.share : nil,
                isLarge: !(found.share <= Self.limit))
        }
    }

    /// For people: what is large, or else the largest of each part.
    package var lines: [String] {
        let large = rows.filter(\.isLarge)
        var seen: Set<String> = []
        let shown = large.isEmpty ? rows.filter { seen.insert($0.part).inserted } : large
        let table = Table(
            headers: ["part", "operation", "magnitude", "of f16's range"],
            rows: shown.map { row in
                let share = row.share.map { String(format: "%.2f %%", $0 * 100) }
                return [
                    row.part, row.node, row.magnitude.map { String(format: "%.4g", $0) } ?? "none",
                    share ?? "beyond it",
                ]
            }, wordColumns: 2)
        let summary =
            large.isEmpty
            ? "\(pictureCount) pictures: no number is larger than a third of f16's range (65,504)."
            : "\(pictureCount) pictures: \(large.count) operations go beyond a third of f16's range (65,504); a "
                + "device that computes in f16 may overflow there. Use --precision bf16 or f32."
        return table.lines + [summary]
    }
}
