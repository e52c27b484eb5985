import BlipCommandSupport
import Foundation

/// Scores, as a table for people or a JSON object a row.
struct ScoreTable {
    struct Row: Encodable {
        /// Such as "BLEU-4".
        let metric: String
        /// What tells it from others of the metric, such as "answer_type"; `nil` for all.
        var group: String?
        /// Such as "number".
        var name: String?
        /// 0 to 1; of CIDEr to 10.
        let score: Double
        /// How many pictures, texts or questions it is the score of.
        let count: Int
    }

    let rows: [Row]
    /// What is counted: "pictures".
    let counted: String

    func print(asJSON: Bool) throws {
        if asJSON {
            for row in rows { try Terminal.print(try jsonLine(row)) }
            return
        }
        for line in text.lines { try Terminal.print(line) }
    }

    /// For people.
    var text: Table {
        let hasGroups = rows.contains { $0.group != nil }
        return Table(
            headers: ["metric"] + (hasGroups ? ["of", ""] : []) + ["× 100", counted],
            rows: rows.map { row in
                let group = row.group?.replacing("_", with: " ") ?? "all"
                return [row.metric]
                    + (hasGroups ? [group, row.name?.replacing("_", with: " ") ?? ""] : [])
                    + [String(format: "%.2f", 100 * row.score), String(row.count)]
            }, wordColumns: hasGroups ? 3 : 1)
    }

    /// The scores of all; where there are only parts, theirs.
    var highlights: [(name: String, value: String)] {
        let overall = rows.filter { $0.group == nil }
        return (overall.isEmpty ? rows : overall).map { row in
            let part = row.name.map { " \($0.replacing("_", with: " "))" } ?? ""
            return (name: row.metric + part, value: String(format: "%.1f", 100 * row.score))
        }
    }
}
