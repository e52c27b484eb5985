import Testing

@testable import BlipMeasuring

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

    @Test func whatIsSmallIsNotZero() {
        #expect(
            [0, 0.000021, 0.25, 1].map(probabilityText) == ["0", "2.1·10⁻⁵", "0.2500", "1.0000"])
        #expect([1, 0.9999997, 0.5].map(distanceText) == ["0", "3.0·10⁻⁷", "5.0·10⁻¹"])
    }

    @Test func whatIsNearlyAllIsNotAll() {
        #expect([1, 0.9999, 0.999, 0].map(percent) == ["100.0 %", "> 99.9 %", "99.9 %", "0.0 %"])
    }

    @Test func ticksAreRoundAndHoldTheLargestValue() {
        #expect(Axis(maximum: 12).ticks == [0, 5, 10, 15])
        let small = Axis(maximum: 0.23)
        #expect(small.ticks.map(small.text) == ["0.00", "0.05", "0.10", "0.15", "0.20", "0.25"])
        for maximum in [0.001, 0.7, 1, 3.3, 99, 1e6, 0, -1, .nan, .infinity] {
            let axis = Axis(maximum: maximum)
            #expect((2...12).contains(axis.ticks.count), "\(maximum)")
            #expect(!(maximum > axis.range.upperBound) || maximum == .infinity, "\(maximum)")
        }
    }

    /// There is no batch of no pictures.
    @Test func aSeriesBeginsWhereItWasMeasured() {
        let batches = Axis(through: [1, 2, 4, 8], count: 8, isWhole: true)
        #expect(batches.ticks == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect([1, 4.5, 8].map(batches.position) == [0, 0.5, 1])
        let lengths = Axis(through: [5, 10, 40], count: 8, isWhole: true)
        #expect(lengths.ticks == [5, 10, 15, 20, 25, 30, 35, 40])
        let one = Axis(through: [3], count: 8, isWhole: true)
        #expect(one.ticks == [3, 4])
        #expect(Axis(through: [], count: 8, isWhole: true).ticks == [0, 1])
    }

    @Test func aLogarithmicAxisHasPowersOfTen() {
        let axis = Axis(logarithmicThrough: [3e-7, 2e-4])
        #expect(axis.ticks.map(axis.text) == ["10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³"])
        #expect(abs(axis.position(of: 1e-5) - 0.5) < 1e-9)
        #expect(Axis(logarithmicThrough: [1]).ticks.count == 2)
        #expect(Axis(logarithmicThrough: []).ticks.count == 2)
    }

    private func plot(
        _ points: [LinePlot.Point], _ scale: Axis.Scale = .linear
    ) -> LinePlot {
        LinePlot(
            title: "t", xLabel: "x", yLabel: "y", lines: [.init(name: "n", points: points)],
            proportional: "p", yScale: scale)
    }

    @Test(arguments: [Axis.Scale.linear, .logarithmic])
    func aPlotWithoutPointsOrWithBadOnesIsStillAPlot(scale: Axis.Scale) {
        for points in [[], [LinePlot.Point(x: .nan, y: 1)], [LinePlot.Point(x: 0, y: 0)]] {
            let markup = plot(points, scale).svg.markup
            #expect(markup.contains("</svg>"))
            #expect(!markup.contains("nan") && !markup.contains("inf"))
        }
    }

    @Test func twoPointsAreNoTrend() {
        let points = [1.0, 2, 3].map { LinePlot.Point(x: $0, y: $0) }
        var page = HTMLPage(title: "t", lead: "")
        page.add(section: "two", text: "", plots: [plot(Array(points.prefix(2)))])
        #expect(!page.markup.contains("<svg"))
        page.add(section: "three", text: "", plots: [plot(points)])
        #expect(page.markup.contains("<svg"))
    }

    /// From the first point to the last that is in the plot.
    @Test func theProportionalLineStaysBetweenTheAxes() throws {
        let plot = plot([.init(x: 1, y: 10), .init(x: 2, y: 11), .init(x: 8, y: 16)])
        let line = try #require(
            plot.svg.markup.firstMatch(
                of: /x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="([\d.]+)" class="line reference"/
            ))
        let places = try [line.1, line.2, line.3, line.4].map { try #require(Double($0)) }
        #expect(places[0] == 50, "at the first point, not at a picture 0")
        #expect(places[2] < 356 && places[3] >= 24)
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
