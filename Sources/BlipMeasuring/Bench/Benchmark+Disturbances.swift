import BlipCommandSupport

extension Benchmark {
    /// What tells that something else used the machine meanwhile, a sentence each.
    var disturbances: [String] {
        Self.disturbances(
            of: measured.flatMap(\.rows), tokens: subject.plan.tokens,
            loadAverage: machine.loadAverage, cores: machine.cores)
    }

    /// How many times as long the slowest of what should take the same time may take.
    private static let tolerance = 1.5

    static func disturbances(
        of rows: [BenchRow], tokens: Int, loadAverage: Double?, cores: Int
    ) -> [String] {
        var sentences: [String] = []
        if let loadAverage, loadAverage > Double(cores) / 2 {
            sentences.append(
                "The machine was busy before this run: a load average of \(significant(loadAverage)) on "
                    + "\(cores) processors.")
        }
        // What takes no time is never even, and two runs tell nothing.
        let repeated = rows.filter {
            $0.spread.runs > 2 && ($0.unit == .perSecond || $0.spread.median >= 1)
        }
        let uneven = repeated.count { max($0.spread.ratio, 1 / $0.spread.ratio) > tolerance }
        if uneven * 10 > repeated.count {
            sentences.append(
                "Of \(repeated.count) rows, \(uneven) have a slowest run that took more than "
                    + "\(tolerance) times as long as the fastest.")
        }
        for (name, places) in sameThings(tokens) {
            let medians = places.compactMap { place in
                rows.first { ($0.table, $0.measure, $0.at) == place }?.spread.median
            }
            guard let least = medians.min(), let most = medians.max(), most > tolerance * least
            else { continue }
            sentences.append(
                "\(name) takes \(significant(least)) ms in one table and \(significant(most)) ms in "
                    + "another.")
        }
        return sentences
    }

    /// What several tables measure.
    private static func sameThings(
        _ tokens: Int
    ) -> [(name: String, places: [(table: String, measure: String, at: Double?)])] {
        [
            ("A caption", [("caption", "total", nil), ("batch", "batch", 1)]),
            (
                "Decoding a caption",
                [
                    ("caption", "decode", nil), ("length", "decode", Double(tokens)),
                    ("beams", "decode", 1),
                ]
            ),
        ]
    }
}
