/// Takes unit vectors to fewer dimensions, where no two have a smaller inner product than they had before.
///
/// A vector becomes its coordinates along some directions, and the length of what is left over: of two vectors the
/// rests' product is at most that of their lengths (Cauchy and Schwarz). So whatever is not alike there is not alike,
/// whichever the directions are; those along which vectors differ most leave fewest to be compared in full.
struct Projection {
    /// Dimensions, the rest's length included.
    let width: Int
    private let sourceWidth: Int
    /// The directions, orthonormal or zero: of each source dimension its part in all of them.
    private let directions: [Float]

    /// - Parameters:
    ///   - sample: vectors like those that are to be taken, each of `sourceWidth` numbers.
    ///   - width: even.
    init(of sample: [[Float]], sourceWidth: Int, width: Int) {
        self.width = width
        self.sourceWidth = sourceWidth
        var columns = Self.start(width - 1, sourceWidth)
        // Towards the largest eigenvectors of the sample's second moments (orthogonal iteration).
        for _ in 0..<Self.rounds {
            columns = columns.map { column in
                var next = [Float](repeating: 0, count: sourceWidth)
                for vector in sample {
                    var product: Float = 0
                    for i in 0..<sourceWidth { product += vector[i] * column[i] }
                    for i in 0..<sourceWidth { next[i] += product * vector[i] }
                }
                return next
            }
            Self.orthonormalize(&columns)
        }
        var directions = [Float](repeating: 0, count: sourceWidth * width)
        for (j, column) in columns.enumerated() {
            for (i, value) in column.enumerated() { directions[i * width + j] = value }
        }
        self.directions = directions
    }

    private static let rounds = 5

    /// Columns that differ; the same in every run.
    private static func start(_ count: Int, _ width: Int) -> [[Float]] {
        var state: UInt32 = 1
        var columns = (0..<count).map { _ in
            (0..<width).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return Float(state >> 8) / 8_388_608 - 1
            }
        }
        orthonormalize(&columns)
        return columns
    }

    /// A column that adds nothing to those before becomes zero.
    private static func orthonormalize(_ columns: inout [[Float]]) {
        for j in columns.indices {
            // Twice, since what rounding leaves of the others is large beside a short rest.
            for _ in 0..<2 {
                guard scaleToUnit(&columns[j], ifLongerThan: 0) else { break }
                for k in 0..<j {
                    let product = dot(columns[j], columns[k])
                    for i in columns[j].indices { columns[j][i] -= product * columns[k][i] }
                }
                guard scaleToUnit(&columns[j], ifLongerThan: 1e-3) else { break }
            }
        }
    }

    private static func scaleToUnit(_ column: inout [Float], ifLongerThan least: Float) -> Bool {
        let length = dot(column, column).squareRoot()
        let isUsable = length > least && length.isFinite
        for i in column.indices { column[i] = isUsable ? column[i] / length : 0 }
        return isUsable
    }

    private static func dot(_ first: [Float], _ second: [Float]) -> Float {
        var sum: Float = 0
        for i in first.indices { sum += first[i] * second[i] }
        return sum
    }

    /// A vector's coordinates, in place of what `result` had.
    ///
    /// - Parameter result: of ``width`` numbers.
    func project(_ vector: UnsafeBufferPointer<Int8>, scale: Float, into result: inout [Float]) {
        guard vector.count == sourceWidth, result.count == width else { return }
        var squares: Float = 0
        directions.withUnsafeBufferPointer { directions in
            result.withUnsafeMutableBufferPointer { result in
                for j in 0..<width { result[j] = 0 }
                for i in 0..<sourceWidth {
                    let value = Float(vector[i]) * scale
                    squares += value * value
                    let row = i * width
                    for j in 0..<width { result[j] += value * directions[row + j] }
                }
                var kept: Float = 0
                for j in 0..<width { kept += result[j] * result[j] }
                // The last direction is none: there the rest's length goes.
                result[width - 1] = max(0, squares - kept).squareRoot()
            }
        }
    }
}
