/// IEEE 754 binary16, without `Float16`, which does not exist on Intel Macs.
enum HalfPrecision {
    /// Rounds to the nearest half, and clamps what is out of range, as OpenVINO's own compression
    /// does.
    ///
    /// - Returns: two little-endian bytes a value.
    static func bytes(_ values: ArraySlice<Float>) -> [UInt8] {
        let halves = values.map { bits(of: $0).littleEndian }
        return halves.withUnsafeBytes { Array($0) }
    }

    /// The bits of the nearest half, ties to even; at most 65,504, also for infinity and NaN.
    static func bits(of value: Float) -> UInt16 {
        let magnitude = min(65_504, value.magnitude)
        let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
        guard magnitude >= 0x1p-14 else {
            // Subnormal: the fraction counts steps of 2^-24.
            return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven))
        }
        // The exponents' biases differ by 112, the fractions by 13 bits.
        let rebased = magnitude.bitPattern - (112 << 23)
        let tie = rebased >> 13 & 1
        return sign | UInt16(truncatingIfNeeded: (rebased + 0xFFF + tie) >> 13)
    }
}
