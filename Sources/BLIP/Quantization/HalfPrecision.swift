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
        let half = rounded(value)
        let sign = UInt16(truncatingIfNeeded: half.bitPattern >> 16) & 0x8000
        // Subnormal: the fraction counts steps of 2^-24.
        guard half.magnitude >= 0x1p-14 else { return sign | UInt16(half.magnitude * 0x1p24) }
        // The exponents' biases differ by 112, the fractions by 13 bits.
        return sign | UInt16(truncatingIfNeeded: (half.magnitude.bitPattern - (112 << 23)) >> 13)
    }

    /// The value of the nearest half, as ``bits(of:)`` stores it.
    static func rounded(_ value: Float) -> Float {
        let magnitude = min(65_504, value.magnitude)
        guard magnitude >= 0x1p-14 else {
            let steps = (magnitude * 0x1p24).rounded(.toNearestOrEven)
            return Float(sign: value.sign, exponent: -24, significand: steps)
        }
        let tie = magnitude.bitPattern >> 13 & 1
        let bits = (magnitude.bitPattern + 0xFFF + tie) & ~0x1FFF
        return Float(bitPattern: bits | value.bitPattern & 0x8000_0000)
    }
}
