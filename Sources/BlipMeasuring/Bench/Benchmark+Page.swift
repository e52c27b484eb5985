extension Benchmark {
    /// The tables and plots as a page.
    package var page: HTMLPage {
        var page = HTMLPage(
            title: "blip bench", lead: "\(machine.model) on \(machine.deviceName)")
        if !disturbances.isEmpty {
            page.add(
                warning: disturbances.joined(separator: " ")
                    + " Measure again while nothing else runs.")
        }
        page.add(highlights: highlights)
        page.add(facts: machine.facts)
        for measured in measured {
            let plots = measured.plots.filter(\.isTrend)
            let hint = plots.isEmpty ? nil : measured.table.series?.hint
            page.add(
                section: measured.table.title,
                text: [measured.table.text, hint].compactMap(\.self).joined(separator: " "),
                plots: plots, table: measured.text)
        }
        page.add(
            note: "Medians of \(subject.plan.runs) runs, after one that does not count. Pale bars "
                + "in the plots reach from the fastest run to the slowest.")
        return page
    }

    /// What most want to know, of what was measured.
    private var highlights: [(name: String, value: String)] {
        let wanted: [(table: String, measure: String, name: String)] = [
            ("load", "load again", "load again"), ("caption", "total", "a caption"),
            ("caption", "a token", "a token"), ("answer", "second question", "a second question"),
            ("match", "second text", "a second text"),
            ("batch", "pictures a second", "pictures a second, batched"),
            ("memory", "peak until then", "peak memory of a caption"),
        ]
        return wanted.compactMap { wanted in
            let rows = measured.first { $0.table.key == wanted.table }?.rows
            // Of a series, its end.
            return rows?.last { $0.measure == wanted.measure }.map { (wanted.name, $0.medianText) }
        }
    }
}
