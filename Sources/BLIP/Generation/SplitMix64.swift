/// Steele, Lea and Flood's generator (2014): small, seedable, the same on every platform.
struct SplitMix64: RandomNumberGenerator {
    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    private var state: UInt64

    /// One of a seed's streams.
    ///
    /// All streams are parts of one cycle of 2⁶⁴ numbers. The seed is mixed before the stream's number changes
    /// it, and both again: neighbouring seeds and streams begin at places that have nothing to do with each
    /// other.
    init(seed: UInt64, stream: UInt64) {
        state = Self.mixed(Self.mixed(seed &+ Self.increment) ^ stream)
    }

    mutating func next() -> UInt64 {
        state &+= Self.increment
        return Self.mixed(state)
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
