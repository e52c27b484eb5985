import Testing

@testable import BlipCommand

@Suite("Reports: numbers, tables, plots")
struct ReportTests {
    @Test func medianFastestAndSlowest() {
        let times = Spread([3, 1, 2])
        #expect((times.median, times.fastest, times.slowest) == (2, 1, 3))
        let rates = Spread([4, 1, 2, 3], moreIsFaster: true)
        #expect((rates.median, rates.fastest, rates.slowest) == (2.5, 4, 1))
        #expect(Spread([7]).median == 7)
    }

    @Test func threeSignificantDigits() {
        #expect(
            [0.01234, 1.234, 99.96, 1234.5].map(significant) == ["0.0123", "1.23", "100.0", "1234"])
        #expect([0, .nan, .infinity].map(significant) == ["0", "0", "0"])
    }

    @Test func ticksAreRoundAndHoldTheLargestValue() {
        #expect(Axis(maximum: 12, count: 8).ticks == [0, 2, 4, 6, 8, 10, 12])
        #expect(Axis(maximum: 5, count: 8, isWhole: true).ticks == [0, 1, 2, 3, 4, 5])
        #expect(Axis(maximum: 2, count: 8, isWhole: true).ticks == [0, 1, 2])
        let small = Axis(maximum: 0.23)
        #expect(small.ticks.map(small.text) == ["0.00", "0.05", "0.10", "0.15", "0.20", "0.25"])
        for maximum in [0.001, 0.7, 1, 3.3, 99, 1e6, 0, -1, .nan, .infinity] {
            let axis = Axis(maximum: maximum)
            #expect((2...12).contains(axis.ticks.count), "\(maximum)")
            #expect(!(maximum > axis.end) || maximum == .infinity, "\(maximum)")
        }
    }

    @Test func aPlotWithoutPointsOrWithBadOnesIsStillAPlot() {
        for points in [[], [LinePlot.Point(x: .nan, y: 1)], [LinePlot.Point(x: 0, y: 0)]] {
            let plot = LinePlot(
                title: "t", xLabel: "x", yLabel: "y",
                lines: [.init(name: "n", points: points)], proportional: "p")
            #expect(plot.svg().markup.contains("</svg>"))
            #expect(!plot.svg().markup.contains("nan"))
        }
    }

    @Test func textsAreEscaped() {
        let html = HTML.element("td", ["class": "\"<>\""], "a < b & 'c' \u{1}")
        #expect(
            html.markup
                == "<td class=\"&quot;&lt;&gt;&quot;\">a &lt; b &amp; &#39;c&#39; \u{FFFD}</td>")
    }

    @Test func columnsAreAligned() {
        let table = Table(headers: ["", "ms"], rows: [["load", "5"], ["a token", "10"]])
        #expect(table.lines == ["         ms", "load      5", "a token  10"])
    }
}
