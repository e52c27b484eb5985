/// Numbers that look random and are the same in every run (SplitMix64; Steele, Lea, Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

extension [UInt8] {
    /// The bytes with a few of them changed, inserted, taken out or repeated.
    func mutated(by generator: inout SeededGenerator) -> [UInt8] {
        var bytes = self
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[place] = .random(in: 0...255, using: &generator)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 2: bytes.insert(.random(in: 0...255, using: &generator), at: place)
            case 3: bytes.remove(at: place)
            case 4:
                let end = Swift.min(place + Int.random(in: 1...16, using: &generator), bytes.count)
                bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
            default:
                let value: UInt8 = Bool.random(using: &generator) ? 0xFF : 0x7F
                let end = Swift.min(place + 8, bytes.count)
                for index in place..<end { bytes[index] = value }
            }
        }
        return bytes
    }
}
