import ModelGraph

/// A matrix as signed 8-bit integers, symmetric about zero, with a scale a row: `weight ≈ scale ·
/// integer`.
///
/// A row is an output of a product (or a token's embedding), so no sum mixes scales.
struct RowQuantization {
    private let columns: Int
    /// One a row; its largest weight becomes 127.
    let scales: [Float]

    /// - Parameter weights: row after row.
    init(of weights: ArraySlice<Float>, rows: Int) {
        columns = rows == 0 ? 0 : weights.count / rows
        scales = weights.withUnsafeBufferPointer { [columns] weights in
            (0..<rows).map { row in
                var largest: Float = 0
                for index in row * columns..<(row + 1) * columns {
                    // What is no number counts as zero: one bad value must not spoil its row.
                    let magnitude = weights[index].magnitude
                    if magnitude > largest, magnitude.isFinite { largest = magnitude }
                }
                return largest > 0 ? largest / 127 : 1
            }
        }
    }

    /// The weights as integers from -127 to 127, rounded to the nearest; a byte each.
    func integers(of weights: ArraySlice<Float>) -> [UInt8] {
        weights.withUnsafeBufferPointer { weights in
            [UInt8](unsafeUninitializedCapacity: weights.count) { bytes, count in
                for (row, scale) in scales.enumerated() {
                    for index in row * columns..<(row + 1) * columns {
                        let ratio = weights[index] / scale
                        let rounded = min(127, max(-127, ratio)).rounded(.toNearestOrEven)
                        let integer = ratio.isNaN ? 0 : Int8(rounded)
                        bytes[index] = UInt8(bitPattern: integer)
                    }
                }
                count = scales.count * columns
            }
        }
    }
}

extension Graph {
    /// A matrix as OpenVINO's compressed weights: integers, which its products widen and scale as
    /// they read them.
    ///
    /// - Parameter weights: reads the matrix, row after row; called again when its bytes are
    ///   placed, so that only one matrix is in memory at a time.
    func quantized(
        rows: Int, columns: Int, called name: String,
        _ weights: @escaping () throws -> ArraySlice<Float>
    ) throws -> Value {
        let quantization = RowQuantization(of: try weights(), rows: rows)
        let integers = ConstantBytes.produced(byteCount: rows * columns) {
            quantization.integers(of: try weights())
        }
        let scales = quantization.scales.withUnsafeBytes { Array($0) }
        return try constant(.i8, [.fixed(rows), .fixed(columns)], integers, called: name)
            .converted(to: .f32)
            .multiplied(
                by: constant(.f32, [.fixed(rows), 1], .literal(scales), called: name + "/scale"))
    }
}
