import CVectorScan
import Dispatch
import Synchronization

extension VectorBlock {
    /// Vectors that are joined by pairs whose cosine is as large as that: their places, on all processors.
    ///
    /// - Parameters:
    ///   - projected: the vectors in a few dimensions, where most pairs are told apart: it loses none. `nil` to compare
    ///     all in full.
    ///   - tileRows: as many as a processor's cache holds; whole groups.
    ///   - progress: called, by any thread, with how many vectors more were compared with all others.
    func groups(
        atLeast similarity: Float, in projected: ProjectedVectors?, tileRows: Int = 1_024,
        progress: @Sendable (Int) -> Void = { _ in }
    ) -> [[Int]] {
        let count = ids.count
        let tiles = (count + tileRows - 1) / tileRows
        let sets = Mutex(DisjointSets(count: count))
        // Read by all threads, written by none.
        nonisolated(unsafe) let block = self
        // The first tile has most others behind it, the last one none: in pairs all have as much to do.
        DispatchQueue.concurrentPerform(iterations: (tiles + 1) / 2) { index in
            for tile in Set([index, tiles - 1 - index]) {
                let comparison = TileComparison(
                    block, projected, rows: block.rows(ofTile: tile, tileRows), similarity)
                for other in tile..<tiles {
                    let pairs = comparison.pairs(with: block.rows(ofTile: other, tileRows))
                    if pairs.isEmpty { continue }
                    sets.withLock { sets in
                        for pair in pairs { sets.join(pair.0, pair.1) }
                    }
                }
                progress(comparison.rows.count)
            }
        }
        return sets.withLock { $0.sets() }
    }

    private func rows(ofTile tile: Int, _ tileRows: Int) -> Range<Int> {
        tile * tileRows..<min((tile + 1) * tileRows, ids.count)
    }

    /// A vector's bytes; the row is one of ``ids``.
    func vector(_ row: Int) -> UnsafeBufferPointer<Int8> {
        UnsafeBufferPointer(rebasing: bytes[row * width..<(row + 1) * width])
    }
}

/// Some vectors, compared with those behind them.
private struct TileComparison {
    let rows: Range<Int>
    private let block: VectorBlock
    private let projected: ProjectedVectors?
    private let similarity: Float
    private let queries: [[Int16]]
    private let projectedQueries: [[Int16]]

    init(
        _ block: VectorBlock, _ projected: ProjectedVectors?, rows: Range<Int>, _ similarity: Float
    ) {
        self.block = block
        self.projected = projected
        self.rows = rows
        self.similarity = similarity
        queries = rows.map { block.vector($0).map(Int16.init) }
        projectedQueries = projected.map { rows.map($0.query) } ?? []
    }

    func pairs(with others: Range<Int>) -> [(Int, Int)] {
        projected.map { pairs(with: others, in: $0) } ?? pairsInFull(with: others)
    }

    private func pairsInFull(with others: Range<Int>) -> [(Int, Int)] {
        guard let base = block.bytes.baseAddress else { return [] }
        var pairs: [(Int, Int)] = []
        var products = [Int32](repeating: 0, count: others.count)
        for (row, query) in zip(rows, queries) {
            cvectorscan_products(
                base + others.lowerBound * block.width, others.count, block.width, query, &products)
            for (other, product) in zip(others, products)
            where other > row && areAlike(row, other, product) {
                pairs.append((row, other))
            }
        }
        return pairs
    }

    private func pairs(
        with others: Range<Int>, in projected: ProjectedVectors
    ) -> [(Int, Int)] {
        guard let base = block.bytes.baseAddress else { return [] }
        let groupRows = ProjectedVectors.groupRows
        let groups = others.lowerBound / groupRows..<(others.upperBound + groupRows - 1) / groupRows
        var pairs: [(Int, Int)] = []
        var found = [Int32](repeating: 0, count: groups.count * groupRows)
        var product: Int32 = 0
        for (index, row) in rows.enumerated() {
            let count = projected.candidates(
                groups, for: projectedQueries[index], atLeast: similarity, into: &found)
            for place in found[..<count] {
                let other = others.lowerBound + Int(place)
                // Behind the last vector a group is filled up.
                guard other > row, other < others.upperBound else { continue }
                cvectorscan_products(
                    base + other * block.width, 1, block.width, queries[index], &product)
                if areAlike(row, other, product) { pairs.append((row, other)) }
            }
        }
        return pairs
    }

    private func areAlike(_ row: Int, _ other: Int, _ product: Int32) -> Bool {
        let cosine = Float(product) * block.scales[row] * block.scales[other]
        // Above 1 by more than rounding: of a damaged row nothing is alike.
        return cosine >= similarity && cosine < 1.1
    }
}
