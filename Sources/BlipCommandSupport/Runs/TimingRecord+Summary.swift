import BLIP
import Foundation

extension TimingRecord {
    /// The same in words.
    var summary: String {
        let stages = [
            ("load", load ?? 0), ("preprocess", preprocess), ("vision", vision), ("text", text),
            ("decode", decode),
        ]
        let parts = stages.filter { $0.1 > 0 }.map { "\($0.0) \(Self.format($0.1))" }
        return (parts + ["total \(Self.format(total))"]).joined(separator: "  ")
    }

    private static func format(_ milliseconds: Double) -> String {
        String(format: milliseconds < 10 ? "%.1f ms" : "%.0f ms", milliseconds)
    }
}
