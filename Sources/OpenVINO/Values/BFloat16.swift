/// A "brain" floating-point number: the upper 16 bits of an IEEE 754 single, so the range of `Float`
/// with 8 bits of precision. For carrying numbers in and out of tensors; it does no arithmetic.
public struct BFloat16: Hashable, Sendable, BitwiseCopyable {
    /// Sign, 8 bits of exponent, 7 bits of fraction.
    public var bitPattern: UInt16

    public init(bitPattern: UInt16) {
        self.bitPattern = bitPattern
    }

    /// The nearest such number, ties to even. A NaN stays a NaN.
    public init(_ value: Float) {
        let bits = value.bitPattern
        if value.isNaN {
            // Rounding could carry a NaN's fraction into infinity: quieten it instead.
            bitPattern = UInt16(truncatingIfNeeded: bits >> 16) | 0x0040
        } else {
            let tie = (bits >> 16) & 1
            bitPattern = UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ tie) >> 16)
        }
    }
}

extension Float {
    /// Exact: every `BFloat16` is a `Float`.
    public init(_ value: BFloat16) {
        self.init(bitPattern: UInt32(value.bitPattern) << 16)
    }
}
