import ModelGraph

/// Weights as signed integers, symmetric about zero, with a scale a group of neighbours in a row:
/// `weight ≈ scale · integer`.
///
/// A row is an output of a product (or a token's embedding), so no sum mixes rows.
package struct GroupQuantization {
    /// What the weights become.
    package enum Integers {
        /// From -127 to 127, a byte each; the group is a row.
        case int8
        /// From -63 to 63, a byte each; the group is a row. Without VNNI, processors add products of
        /// bytes in 16 bits, two at a time: with 8-bit weights that can saturate, with these not.
        case int7
        /// From -8 to 7, two a byte; the scales are halves.
        case int4

        /// Weights that share a scale, which must divide a row's length.
        func groupLength(columns: Int) -> Int {
            switch self {
            case .int8, .int7: columns
            case .int4: 64
            }
        }

        /// Whether rows of this length are whole groups.
        func fit(columns: Int) -> Bool {
            columns > 0 && columns.isMultiple(of: groupLength(columns: columns))
        }

        fileprivate var range: (lowest: Float, highest: Float) {
            switch self {
            case .int8: (-127, 127)
            case .int7: (-63, 63)
            case .int4: (-8, 7)
            }
        }
    }

    private let integers: Integers
    private let groupLength: Int
    /// One a group, row after row.
    let scales: [Float]

    /// - Parameters:
    ///   - weights: row after row.
    ///   - columns: a row's length, which fits the integers.
    init(of weights: ArraySlice<Float>, columns: Int, as integers: Integers) {
        self.integers = integers
        let length = integers.groupLength(columns: columns)
        groupLength = length
        scales = weights.withUnsafeBufferPointer { weights in
            guard length > 0 else { return [] }
            return (0..<weights.count / length).map { group in
                let group = UnsafeBufferPointer(
                    rebasing: weights[group * length..<(group + 1) * length])
                return Self.scale(of: group, as: integers)
            }
        }
    }

    private static func scale(of group: UnsafeBufferPointer<Float>, as integers: Integers) -> Float
    {
        var peak: Float = 0
        // What is no number counts as zero: one bad value must not spoil its group.
        for weight in group where weight.magnitude > peak.magnitude && weight.isFinite {
            peak = weight
        }
        guard peak != 0 else { return 1 }
        switch integers {
        case .int8, .int7: return peak.magnitude / integers.range.highest
        case .int4:
            // There is a -8 and no 8: the scale takes the sign that makes the peak -8. With so few
            // steps a smaller scale, which cuts the peak off, is often nearer to the rest.
            var (best, least) = (Float(1), Float.infinity)
            for share: Float in [1, 0.95, 0.9, 0.85, 0.8] {
                let scale = HalfPrecision.rounded(peak / -8 * share)
                guard scale != 0 else { continue }
                var error: Float = 0
                for weight in group where weight.isFinite {
                    let miss = weight - scale * nearest(weight, scale, integers)
                    error += miss * miss
                }
                if error < least { (best, least) = (scale, error) }
            }
            return best
        }
    }

    /// The nearest integer, as a float; what is no number becomes zero.
    private static func nearest(_ weight: Float, _ scale: Float, _ integers: Integers) -> Float {
        let (ratio, range) = (weight / scale, integers.range)
        guard !ratio.isNaN else { return 0 }
        let clamped =
            ratio > range.highest ? range.highest : ratio < range.lowest ? range.lowest : ratio
        // Floats this large have no fraction: the sum rounds to the nearest, ties to even.
        return (clamped + 0x1.8p23) - 0x1.8p23
    }

    /// The integers as they lie in a file: a byte each, or two a byte, the lower half first.
    func bytes(of weights: ArraySlice<Float>) -> [UInt8] {
        weights.withUnsafeBufferPointer { weights in
            let integer = { (index: Int) in
                let scale = scales[index / groupLength]
                return UInt8(bitPattern: Int8(Self.nearest(weights[index], scale, integers)))
            }
            let count = scales.count * groupLength
            let perByte = integers == .int4 ? 2 : 1
            return [UInt8](unsafeUninitializedCapacity: count / perByte) { bytes, initialized in
                for index in 0..<count / perByte {
                    bytes[index] =
                        perByte == 1
                        ? integer(index)
                        : integer(2 * index) & 0xF | integer(2 * index + 1) << 4
                }
                initialized = count / perByte
            }
        }
    }
}

extension Graph {
    /// A matrix as OpenVINO's compressed weights: integers, which its products widen and scale as
    /// they read them.
    ///
    /// - Parameters:
    ///   - columns: a row's length, which fits the integers.
    ///   - weights: reads the matrix, row after row; called again when its bytes are placed, so that
    ///     only one matrix is in memory at a time.
    func quantized(
        rows: Int, columns: Int, as integers: GroupQuantization.Integers, called name: String,
        _ weights: @escaping () throws -> ArraySlice<Float>
    ) throws -> Value {
        let quantization = GroupQuantization(of: try weights(), columns: columns, as: integers)
        let scales = quantization.scales
        let type: ScalarType = integers == .int4 ? .i4 : .i8
        let bytes = ConstantBytes.produced(byteCount: rows * columns * type.bitWidth / 8) {
            quantization.bytes(of: try weights())
        }
        switch integers {
        case .int8, .int7:
            let scale = try constant(
                .f32, [.fixed(rows), 1], .literal(scales.withUnsafeBytes { Array($0) }),
                called: name + "/scale")
            return try constant(type, [.fixed(rows), .fixed(columns)], bytes, called: name)
                .converted(to: .f32).multiplied(by: scale)
        case .int4:
            let length = integers.groupLength(columns: columns)
            let groups = Shape.Dimension.fixed(columns / length)
            let scale = try constant(
                .f16, [.fixed(rows), groups, 1], .literal(HalfPrecision.bytes(scales[...])),
                called: name + "/scale")
            return try constant(type, [.fixed(rows), groups, .fixed(length)], bytes, called: name)
                .converted(to: .f32).multiplied(by: scale.decompressed(to: .f32))
                .reshaped([.fixed(rows), .fixed(columns)])
        }
    }
}
