@testable import BLIP

/// A language model that is a table: the logits of the next token follow from the last one alone.
struct TableModel: NextTokenModel {
    let table: [Int: [Float]]
    let size: Int
    private(set) var rows: [[Int]] = []
    private(set) var batchSizes: [Int] = []

    init(_ table: [Int: [Float]], size: Int) {
        self.table = table
        self.size = size
    }

    mutating func logits(appending tokens: [[Int]]) throws -> [[Float]] {
        rows = rows.isEmpty ? tokens : zip(rows, tokens).map { $0 + $1 }
        batchSizes.append(rows.count)
        return rows.map { row in
            row.last.flatMap { table[$0] } ?? [Float](repeating: 0, count: size)
        }
    }

    mutating func keepRows(_ kept: [Int]) throws {
        rows = kept.map { rows[$0] }
    }
}
