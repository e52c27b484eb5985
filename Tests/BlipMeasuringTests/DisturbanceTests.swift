import Testing

@testable import BlipMeasuring

@Suite("What tells of a busy machine")
struct DisturbanceTests {
    private func row(
        _ table: String, _ measure: String, _ values: [Double], at place: Double? = nil
    ) -> BenchRow {
        var row = BenchRow(measure, values, .milliseconds, at: place)
        row.table = table
        return row
    }

    private func disturbances(_ rows: [BenchRow], load: Double? = 0.1) -> [String] {
        Benchmark.disturbances(of: rows, tokens: 20, loadAverage: load, cores: 2)
    }

    @Test func anIdleMachine() {
        let rows = [
            row("caption", "total", [16, 17, 18]), row("caption", "decode", [9, 9, 10]),
            row("batch", "batch", [17, 17, 18], at: 1), row("batch", "batch", [30, 31, 32], at: 2),
            row("length", "decode", [9.5, 9.6, 9.7], at: 20),
            row("beams", "decode", [9, 9, 9], at: 1),
            // Neither is even: of little time, and measured twice.
            row("caption", "preprocess", [0.1, 0.2, 0.9]), row("load", "read", [1, 9]),
        ]
        #expect(disturbances(rows) == [])
        #expect(disturbances(rows, load: nil) == [])
    }

    @Test func aBusyOne() {
        let rows = [row("caption", "total", [16, 17, 18])]
        #expect(disturbances(rows, load: 1.5).count == 1)
        #expect(disturbances(rows, load: 1.5)[0].contains("load average of 1.50 on 2 processors"))
    }

    @Test func runsThatSpread() {
        let rows = [row("caption", "total", [9, 10, 17]), row("caption", "decode", [4, 5, 5])]
        #expect(disturbances(rows).count == 1)
        #expect(disturbances(rows)[0].contains("Of 2 rows, 1 "))
        let rates = BenchRow("captions a second", [100, 50, 90], .perSecond, at: 1)
        #expect(disturbances([rates]).count == 1)
    }

    @Test func tablesThatDisagree() {
        let rows = [
            row("caption", "decode", [9.9, 9.9, 9.9]),
            row("length", "decode", [24.7, 24.7, 24.7], at: 20),
            row("length", "decode", [99, 99, 99], at: 40),
        ]
        #expect(
            disturbances(rows)
                == ["Decoding a caption takes 9.90 ms in one table and 24.7 ms in another."])
    }
}
