import CVectorScan
import Dispatch
import Synchronization

extension VectorBlock {
    /// The places of all pairs whose cosine is as large as that, on all processors.
    func pairs(atLeast similarity: Float) -> [(Int, Int)] {
        let count = ids.count
        let tiles = (count + Self.tileRows - 1) / Self.tileRows
        let found = Mutex<[(Int, Int)]>([])
        // Read by all threads, written by none.
        nonisolated(unsafe) let block = self
        DispatchQueue.concurrentPerform(iterations: tiles) { tile in
            let rows = tile * Self.tileRows..<min((tile + 1) * Self.tileRows, count)
            let pairs = block.pairs(of: rows, atLeast: similarity)
            if !pairs.isEmpty { found.withLock { $0 += pairs } }
        }
        return found.withLock(\.self)
    }

    /// Pairs of some vectors and those behind them.
    private func pairs(of rows: Range<Int>, atLeast similarity: Float) -> [(Int, Int)] {
        guard let base = bytes.baseAddress else { return [] }
        var pairs: [(Int, Int)] = []
        let queries = rows.map { row in
            (0..<width).map { Int16(bytes[row * width + $0]) }
        }
        var products = [Int32](repeating: 0, count: Self.tileRows)
        for start in stride(from: rows.lowerBound, to: ids.count, by: Self.tileRows) {
            let others = min(Self.tileRows, ids.count - start)
            for (row, query) in zip(rows, queries) {
                cvectorscan_products(base + start * width, others, width, query, &products)
                for other in 0..<others where start + other > row {
                    let cosine = Float(products[other]) * scales[row] * scales[start + other]
                    if cosine >= similarity { pairs.append((row, start + other)) }
                }
            }
        }
        return pairs
    }

    /// As many as a processor's cache holds.
    private static let tileRows = 256
}
