import Foundation

extension LinePlot {
    /// The plot, as wide as its place, below the names of its lines.
    var figure: HTML { .element("figure", [:], legend + [svg]) }

    private var legend: [HTML] {
        var names = lines.enumerated().map { ($0.element.name, "series\($0.offset % 6)") }
        if let proportional, reference != nil { names.append((proportional, "reference")) }
        guard names.count > 1 else { return [] }
        let keys = names.map { name, look in
            HTML.element(
                "span", [:], [.element("i", ["class": "key \(look)"]), .text(name)])
        }
        return [.element("figcaption", ["class": "legend"], keys)]
    }

    /// 360 by 232 units.
    var svg: HTML {
        let drawing = Drawing(plot: self)
        return .element(
            "svg",
            [
                "viewBox": "0 0 \(Drawing.width) \(Drawing.height)", "role": "img",
                "class": "plot",
            ],
            [.element("title", [:], title)] + drawing.axes() + drawing.reference()
                + drawing.lines())
    }
}

/// Where all is, in units of which a phone shows about one a point.
private struct Drawing {
    static let width = 360
    static let height = 232

    let plot: LinePlot
    let x: Axis
    let y: Axis
    private let left = 42.0
    private let right = 356.0
    private let top = 24.0
    private let bottom = 188.0
    /// From the axes' ends to the points.
    private let inset = 8.0

    init(plot: LinePlot) {
        self.plot = plot
        x = plot.xAxis
        y = plot.yAxis
    }

    private func column(_ value: Double) -> Double {
        left + inset + x.position(of: value) * (right - left - 2 * inset)
    }
    private func row(_ value: Double) -> Double {
        bottom - y.position(of: value) * (bottom - top)
    }

    func axes() -> [HTML] {
        let rows = y.ticks.enumerated().flatMap { index, tick -> [HTML] in
            [
                line(left, row(tick), right, row(tick), index == 0 ? "axis" : "grid"),
                text(y.text(of: tick), left - 6, row(tick) + 4, anchor: "end"),
            ]
        }
        let columns = x.ticks.flatMap { tick -> [HTML] in
            [
                line(column(tick), bottom, column(tick), bottom + 4, "axis"),
                text(x.text(of: tick), column(tick), bottom + 17, anchor: "middle"),
            ]
        }
        return rows + columns + [
            text(plot.xLabel, (left + right) / 2, bottom + 36, anchor: "middle", "label"),
            text(plot.yLabel, 2, 11, "label"),
        ]
    }

    func reference() -> [HTML] {
        guard let (start, slope) = plot.reference else { return [] }
        let end = min(x.range.upperBound, y.range.upperBound / slope)
        guard end > start.x else { return [] }
        return [
            line(column(start.x), row(start.y), column(end), row(slope * end), "line reference")
        ]
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
                        "cx": number(column(point.x)), "cy": number(row(point.y)), "r": "2.6",
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
