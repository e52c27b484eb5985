import CVectorScan
import Dispatch

/// Vectors in few dimensions and 16 bits, in the groups that ``CVectorScan`` goes through quickly.
struct ProjectedVectors: Sendable {
    let width: Int
    private let numbers: [Int16]

    /// What a 1 becomes: products of unit vectors stay below 2^31.
    private static let one: Float = 16_384
    /// More than what rounding changes in a product: each of up to 128 numbers by half a step, and floats' own.
    private static let slack: Float = 1e-3
    /// Vectors in a group.
    static let groupRows = 8

    /// - Returns: `nil` where comparing in full is as quick.
    init?(_ block: VectorBlock, forPairsOf similarity: Float) {
        guard let projection = Self.best(for: block, similarity) else { return nil }
        let width = projection.width
        self.width = width
        let groups = (block.ids.count + Self.groupRows - 1) / Self.groupRows
        let groupNumbers = Self.groupRows * width
        numbers = [Int16](unsafeUninitializedCapacity: groups * groupNumbers) { buffer, count in
            buffer.initialize(repeating: 0)
            count = buffer.count
            // Each thread writes groups of its own; the block is only read.
            nonisolated(unsafe) let target = buffer
            nonisolated(unsafe) let block = block
            DispatchQueue.concurrentPerform(iterations: (groups + 127) / 128) { part in
                var values = [Float](repeating: 0, count: width)
                for group in part * 128..<min(part * 128 + 128, groups) {
                    for k in 0..<Self.groupRows {
                        let row = group * Self.groupRows + k
                        guard row < block.ids.count else { break }
                        projection.project(
                            block.vector(row), scale: block.scales[row], into: &values)
                        guard Self.areOfAUnitVector(values) else { continue }
                        for j in 0..<width {
                            target[group * groupNumbers + Self.place(of: j, k)] =
                                Int16((values[j] * Self.one).rounded())
                        }
                    }
                }
            }
        }
    }

    /// Of a damaged row nothing is alike.
    private static func areOfAUnitVector(_ values: [Float]) -> Bool {
        values.reduce(0) { $0 + $1 * $1 } < 1.1
    }

    private static func place(of number: Int, _ row: Int) -> Int {
        number / 2 * 2 * groupRows + 2 * row + number % 2
    }

    /// A vector's numbers, one behind the other.
    func query(_ row: Int) -> [Int16] {
        let start = row / Self.groupRows * Self.groupRows * width
        return (0..<width).map { numbers[start + Self.place(of: $0, row % Self.groupRows)] }
    }

    /// Which rows may be as similar to a query as that: all that are, and some others.
    ///
    /// - Parameters:
    ///   - groups: of 8 rows each.
    ///   - found: their places from the first group's on; it has room for all.
    /// - Returns: how many.
    func candidates(
        _ groups: Range<Int>, for query: [Int16], atLeast similarity: Float,
        into found: inout [Int32]
    ) -> Int {
        let least = Int32(((similarity - Self.slack) * Self.one * Self.one).rounded(.down))
        return numbers.withUnsafeBufferPointer { numbers in
            guard let base = numbers.baseAddress, query.count == width,
                groups.upperBound * Self.groupRows * width <= numbers.count,
                groups.count * Self.groupRows <= found.count
            else { return 0 }
            return cvectorscan_groups(
                base + groups.lowerBound * Self.groupRows * width, groups.count, width, query,
                least, &found)
        }
    }

    /// The projection with the least to do, by how many pairs of a sample it leaves to be compared in full.
    private static func best(for block: VectorBlock, _ similarity: Float) -> Projection? {
        let count = block.ids.count
        guard count > smallestCount else { return nil }
        let rows = (0..<sampleRows).map { $0 * count / sampleRows }
        let sample = rows.map { row in
            block.vector(row).map { Float($0) * block.scales[row] }
        }
        var best: (projection: Projection, cost: Double)?
        for width in widths where width <= block.width / 2 {
            // A wider one has more to do even where it leaves nothing.
            if let best, best.cost <= Double(width) { break }
            let projection = Projection(of: sample, sourceWidth: block.width, width: width)
            let values = rows.prefix(comparedRows).map { row in
                var values = [Float](repeating: 0, count: width)
                projection.project(block.vector(row), scale: block.scales[row], into: &values)
                return values
            }
            var left = 0
            for (index, first) in values.enumerated() {
                for second in values[..<index] {
                    let product = zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
                    if product >= similarity - slack { left += 1 }
                }
            }
            let share = Double(left) / Double(max(1, values.count * (values.count - 1) / 2))
            let cost = Double(width) + share * fullCost
            if cost < best?.cost ?? Double(block.width) { best = (projection, cost) }
        }
        return best?.projection
    }

    private static let widths = [32, 64, 128]
    private static let sampleRows = 512
    private static let smallestCount = 1_000
    private static let comparedRows = 128
    /// Comparing in full, alone, beside a number of a projected vector.
    private static let fullCost = 2_000.0
}
