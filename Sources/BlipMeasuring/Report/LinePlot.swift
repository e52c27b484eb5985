/// Lines over an axis that starts at zero, drawn as inline SVG in the page's colours.
struct LinePlot: Sendable {
    /// A value that was measured at a place, and the range that it was found in.
    struct Point: Sendable {
        let x: Double
        let y: Double
        let low: Double
        let high: Double

        init(x: Double, y: Double, low: Double? = nil, high: Double? = nil) {
            self.x = x
            self.y = y
            self.low = low ?? y
            self.high = high ?? y
        }
    }

    /// Points that belong together.
    struct Line: Sendable {
        let name: String
        let points: [Point]
    }

    /// Said instead of the plot where it cannot be seen.
    let title: String
    /// What the axes measure, with their units.
    let xLabel: String
    let yLabel: String
    /// In the colours' order.
    let lines: [Line]
    /// A dashed line from zero through the first line's first point, by its name: what it would
    /// be if it grew in proportion.
    let proportional: String?

    init(
        title: String, xLabel: String, yLabel: String, lines: [Line], proportional: String? = nil
    ) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
        // What is no number has no place.
        self.lines = lines.map { line in
            Line(
                name: line.name,
                points: line.points.filter { $0.x.isFinite && $0.y.isFinite }
                    .sorted { $0.x < $1.x })
        }
        self.proportional = proportional
    }

    /// The proportional line's slope.
    var slope: Double? {
        guard proportional != nil, let first = lines.first?.points.first, first.x > 0, first.y > 0
        else { return nil }
        return first.y / first.x
    }

    var xAxis: Axis {
        let places = lines.flatMap(\.points).map(\.x)
        return Axis(
            maximum: places.max() ?? 1, count: 8, isWhole: places.allSatisfy { $0 == $0.rounded() })
    }

    var yAxis: Axis {
        let measured = lines.flatMap(\.points).map { max($0.y, $0.high) }.max() ?? 1
        // The proportional line may leave the plot, but never squeezes what was measured.
        let proportional = (slope ?? 0) * xAxis.end
        return Axis(maximum: max(measured, min(proportional, 1.6 * measured)))
    }
}
