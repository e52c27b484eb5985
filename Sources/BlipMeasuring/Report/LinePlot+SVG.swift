import Foundation

extension LinePlot {
    /// The plot as an SVG element, 560 by 320 units, as wide as its place.
    func svg() -> HTML {
        let drawing = Drawing(plot: self)
        return .element(
            "svg",
            [
                "viewBox": "0 0 \(Drawing.width) \(Drawing.height)", "role": "img",
                "class": "plot",
            ],
            [.element("title", [:], title)] + drawing.legend() + drawing.axes()
                + drawing.reference() + drawing.lines())
    }
}

private struct Drawing {
    static let width = 560
    static let height = 320

    let plot: LinePlot
    let x: Axis
    let y: Axis
    private let left = 66.0
    private let right = 540.0
    private let top = 36.0
    private let bottom = 268.0

    init(plot: LinePlot) {
        self.plot = plot
        x = plot.xAxis
        y = plot.yAxis
    }

    private func column(_ value: Double) -> Double { left + value / x.end * (right - left) }
    private func row(_ value: Double) -> Double { bottom - value / y.end * (bottom - top) }

    func axes() -> [HTML] {
        let rows = y.ticks.flatMap { tick -> [HTML] in
            [
                line(left, row(tick), right, row(tick), tick == 0 ? "axis" : "grid"),
                text(y.text(of: tick), left - 8, row(tick) + 4, anchor: "end"),
            ]
        }
        let columns = x.ticks.flatMap { tick -> [HTML] in
            [
                line(column(tick), bottom, column(tick), bottom + 5, "axis"),
                text(x.text(of: tick), column(tick), bottom + 20, anchor: "middle"),
            ]
        }
        let middle = (top + bottom) / 2
        return rows + columns + [
            text(plot.xLabel, (left + right) / 2, bottom + 42, anchor: "middle", "label"),
            .element(
                "text",
                [
                    "class": "label", "text-anchor": "middle",
                    "transform": "translate(14 \(number(middle))) rotate(-90)",
                ], plot.yLabel),
        ]
    }

    func legend() -> [HTML] {
        var names = plot.lines.enumerated().map { ($0.element.name, "line series\($0.offset % 6)") }
        if let name = plot.proportional, plot.slope != nil { names.append((name, "reference")) }
        guard names.count > 1 else { return [] }
        var place = left
        return names.flatMap { name, look -> [HTML] in
            // Letters differ in width; 6.4 units are enough for most.
            defer { place += 40 + 6.4 * Double(name.count) }
            return [line(place, 14, place + 22, 14, look), text(name, place + 28, 18, "label")]
        }
    }

    func reference() -> [HTML] {
        guard let slope = plot.slope else { return [] }
        let end = min(x.end, y.end / slope)
        return [line(column(0), row(0), column(end), row(slope * end), "reference")]
    }

    func lines() -> [HTML] {
        plot.lines.enumerated().flatMap { index, series -> [HTML] in
            let look = "series\(index % 6)"
            let path = series.points.map { "\(number(column($0.x))),\(number(row($0.y)))" }
            let whiskers = series.points.filter { $0.high > $0.low }.map { point in
                line(
                    column(point.x), row(point.low), column(point.x), row(point.high),
                    "whisker \(look)")
            }
            let dots = series.points.map { point in
                HTML.element(
                    "circle",
                    [
                        "cx": number(column(point.x)), "cy": number(row(point.y)), "r": "3.5",
                        "class": "dot \(look)",
                    ],
                    [
                        .element(
                            "title", [:],
                            "\(series.name): \(significant(point.y)) at \(significant(point.x))")
                    ])
            }
            return whiskers
                + [
                    .element(
                        "polyline",
                        ["points": path.joined(separator: " "), "class": "line \(look)"])
                ] + dots
        }
    }

    private func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ look: String
    ) -> HTML {
        .element(
            "line",
            [
                "x1": number(x1), "y1": number(y1), "x2": number(x2), "y2": number(y2),
                "class": look,
            ])
    }

    private func text(
        _ text: String, _ x: Double, _ y: Double, anchor: String = "start", _ look: String = "tick"
    ) -> HTML {
        .element(
            "text", ["x": number(x), "y": number(y), "text-anchor": anchor, "class": look], text)
    }

    private func number(_ value: Double) -> String { String(format: "%.1f", value) }
}

/// A number with three significant digits, for people.
func significant(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "0" }
    let digits = max(0, 2 - Int(floor(log10(abs(value)))))
    return String(format: "%.\(min(digits, 6))f", value)
}
