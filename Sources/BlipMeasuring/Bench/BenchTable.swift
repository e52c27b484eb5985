/// A table of `blip bench`: what it is called, and what is done to fill it.
struct BenchTable: Sendable {
    typealias Step = @Sendable (BenchSubject) async throws -> [BenchRow]

    /// How a table of a series is plotted.
    struct Series: Sendable {
        /// What grows: "pictures in a batch".
        let label: String
        /// Its unit in JSON and in the table.
        let unit: String
        /// What is plotted against it, of the rows that have this unit.
        let plotted: BenchRow.Unit
        let plottedLabel: String
        /// What the dashed line stands for.
        let proportional: String?
        /// How to read it.
        var hint: String?
    }

    /// The `table` of its JSON lines.
    let key: String
    let title: String
    /// What is measured, and how to read it.
    let text: String
    var series: Series?
    /// Each gives rows; progress is told after each.
    let steps: [Step]

    /// The rows of one step, with what the table knows of them.
    func rows(of step: Step, _ subject: BenchSubject) async throws -> [BenchRow] {
        try await step(subject).map { complete($0) }
    }

    func complete(_ row: BenchRow) -> BenchRow {
        var row = row
        row.table = key
        row.atUnit = row.at == nil ? nil : series?.unit
        return row
    }
}

/// A table with its rows.
struct MeasuredTable {
    let table: BenchTable
    let rows: [BenchRow]

    /// For people. Series also tell how many times the first row's time each takes.
    var text: Table {
        // A single measurement is its own median.
        let onlyOnce = rows.allSatisfy { $0.spread.runs == 1 }
        var headers = [""]
        if let series = table.series { headers.append(series.unit) }
        headers += onlyOnce ? ["value"] : ["median", "fastest", "slowest"]
        if table.series != nil { headers.append("× first") }
        let cells = rows.map { row -> [String] in
            var cells = [row.label]
            if let at = row.at { cells.append(plain(at)) }
            let spread = row.spread
            cells +=
                onlyOnce
                ? [row.text(of: spread.median)]
                : [spread.median, spread.fastest, spread.slowest].map(row.text)
            if table.series != nil {
                let first = rows.first { $0.measure == row.measure }?.spread.median ?? 0
                cells.append(first > 0 ? significant(spread.median / first) : "")
            }
            return cells
        }
        return Table(headers: headers, rows: cells)
    }

    var plots: [LinePlot] {
        guard let series = table.series else { return [] }
        let plotted = rows.filter { $0.unit == series.plotted }
        var names: [String] = []
        for row in plotted where !names.contains(row.measure) { names.append(row.measure) }
        let lines = names.map { name in
            LinePlot.Line(
                name: name,
                points: plotted.filter { $0.measure == name }.map { row in
                    LinePlot.Point(
                        x: row.at ?? 0, y: row.spread.median,
                        low: min(row.spread.fastest, row.spread.slowest),
                        high: max(row.spread.fastest, row.spread.slowest))
                })
        }
        return [
            LinePlot(
                title: table.title, xLabel: series.label, yLabel: series.plottedLabel,
                lines: lines, proportional: series.proportional)
        ]
    }

    private func plain(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value))" : "\(value)"
    }
}

extension BenchRow {
    /// The measure, and where it was loaded from.
    fileprivate var label: String {
        let name = isPart ? "– \(measure)" : measure
        guard let fromCache else { return name }
        return name + (fromCache ? ", from the cache" : ", compiled")
    }

    /// The median with its unit.
    var medianText: String { text(of: spread.median) }

    fileprivate func text(of value: Double) -> String {
        "\(significant(value)) \(unit == .perSecond ? "/s" : unit.rawValue)"
    }
}
