/// Lines through what was measured, drawn as inline SVG in the page's colours.
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
    /// A dashed line from the first line's first point, by its name: what it would be if it grew in proportion.
    let proportional: String?
    private let yScale: Axis.Scale

    init(
        title: String, xLabel: String, yLabel: String, lines: [Line], proportional: String? = nil,
        yScale: Axis.Scale = .linear
    ) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
        // What is no number has no place, nor has 0 on a logarithmic scale.
        self.lines = lines.map { line in
            Line(
                name: line.name,
                points: line.points.filter {
                    $0.x.isFinite && $0.y.isFinite && (yScale == .linear || $0.y > 0)
                }.sorted { $0.x < $1.x })
        }
        self.proportional = proportional
        self.yScale = yScale
    }

    /// Whether there are enough points to show how something grows.
    var isTrend: Bool { lines.contains { $0.points.count > 2 } }

    /// Where the proportional line begins, and its slope.
    var reference: (start: Point, slope: Double)? {
        guard proportional != nil, let first = lines.first?.points.first, first.x > 0, first.y > 0
        else { return nil }
        return (first, first.y / first.x)
    }

    var xAxis: Axis {
        let places = lines.flatMap(\.points).map(\.x)
        return Axis(
            through: places, count: 8, isWhole: places.allSatisfy { $0 == $0.rounded() })
    }

    var yAxis: Axis {
        let points = lines.flatMap(\.points)
        if yScale == .logarithmic { return Axis(logarithmicThrough: points.map(\.y)) }
        let measured = points.map { max($0.y, $0.high) }.max() ?? 1
        // The proportional line may leave the plot, but never squeezes what was measured.
        let proportional = (reference?.slope ?? 0) * xAxis.range.upperBound
        return Axis(maximum: max(measured, min(proportional, 1.6 * measured)))
    }
}
