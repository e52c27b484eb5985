/// What LoRA (Hu et al., 2021) adds to a weight: `scale · left · right`.
struct LowRankUpdate {
    let rows: Int
    let columns: Int
    private let rank: Int
    private let left: [Float]
    private let right: [Float]
    private let scale: Float

    /// - Parameters:
    ///   - left: rows × rank, row after row.
    ///   - right: rank × columns.
    /// - Returns: `nil` where the two are not of these sizes.
    init?(left: [Float], right: [Float], rows: Int, rank: Int, columns: Int, scale: Float) {
        guard rows > 0, rank > 0, columns > 0,
            rows.multipliedReportingOverflow(by: rank) == (left.count, false),
            rank.multipliedReportingOverflow(by: columns) == (right.count, false)
        else { return nil }
        self.rows = rows
        self.rank = rank
        self.columns = columns
        self.left = left
        self.right = right
        self.scale = scale
    }

    /// - Parameter weight: rows × columns, row after row.
    func add(to weight: inout [Float]) {
        guard weight.count == rows * columns else { return }
        var sum = [Float](repeating: 0, count: columns)
        // Without checks of each index, which keep the loop from using vectors. All counts were checked.
        weight.withUnsafeMutableBufferPointer { weight in
            right.withUnsafeBufferPointer { right in
                sum.withUnsafeMutableBufferPointer { sum in
                    for row in 0..<rows {
                        sum.update(repeating: 0)
                        for index in 0..<rank {
                            let factor = left[row * rank + index]
                            for column in 0..<columns {
                                sum[column] += factor * right[index * columns + column]
                            }
                        }
                        for column in 0..<columns {
                            weight[row * columns + column] += scale * sum[column]
                        }
                    }
                }
            }
        }
    }
}

extension [Float] {
    /// The columns of a matrix, one after another.
    func transposed(columns: Int) -> [Float] {
        guard columns > 0 else { return self }
        return (0..<columns).flatMap { column in
            stride(from: column, to: count, by: columns).map { self[$0] }
        }
    }
}
