package import BlipPictures

extension Region {
    /// What the region has of a frame: its bounding box, and grey where the box is not the region's.
    package func crop(_ frame: Picture) -> Picture {
        let x = Int((left * Double(frame.width)).rounded())
        let y = Int((top * Double(frame.height)).rounded())
        let width = Int((width * Double(frame.width)).rounded())
        let height = Int((height * Double(frame.height)).rounded())
        guard !isBox else { return frame.cropped(x: x, y: y, width: width, height: height) }
        return frame.cropped(x: x, y: y, width: width, height: height) { row in
            spans(row: y + row, of: frame).map { ($0.lowerBound - x)..<($0.upperBound - x) }
        }
    }

    /// Whether it is an upright box, which has no corners to grey out.
    var isBox: Bool {
        let xs = Set(points.map(\.x))
        let ys = Set(points.map(\.y))
        return points.count == 4 && xs.count == 2 && ys.count == 2
            && zip(points, points.dropFirst()).allSatisfy { ($0.x == $1.x) != ($0.y == $1.y) }
    }

    /// The columns of a frame's row that are inside: by crossings, odd to even (the even-odd rule).
    func spans(row: Int, of frame: Picture) -> [Range<Int>] {
        let y = (Double(row) + 0.5) / Double(frame.height)
        let crossings = zip(points, points.dropFirst() + points.prefix(1))
            .filter { ($0.y <= y) != ($1.y <= y) }
            .map { $0.x + (y - $0.y) / ($1.y - $0.y) * ($1.x - $0.x) }
            .sorted()
        return stride(from: 0, to: crossings.count - crossings.count % 2, by: 2).map { index in
            let start = Int((crossings[index] * Double(frame.width)).rounded())
            let end = Int((crossings[index + 1] * Double(frame.width)).rounded())
            return start..<max(start, end)
        }
    }
}
