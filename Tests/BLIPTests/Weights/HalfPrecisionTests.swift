import Testing

@testable import BLIP

@Suite("Weights are stored as the nearest half")
struct HalfPrecisionTests {
    @Test func clampsWhatIsOutOfRange() {
        #expect(HalfPrecision.bits(of: 1e30) == 0x7BFF)
        #expect(HalfPrecision.bits(of: -.infinity) == 0xFBFF)
        #expect(HalfPrecision.bits(of: 65_519) == 0x7BFF)
        #expect(HalfPrecision.bits(of: -0.0) == 0x8000)
    }

    @Test func bytesAreLittleEndian() {
        #expect(HalfPrecision.bytes([9, 1, -2][1...]) == [0, 0x3C, 0, 0xC0])
    }

    // Swift has no Float16 on Intel Macs, and has it everywhere else to compare with.
    #if !(os(macOS) && arch(x86_64))
        @Test func equalsTheProcessor() {
            // All halves, the middles between neighbours, and the floats beside both.
            var wrong = 0
            for bits in UInt16(0)..<0x7BFF {
                let value = Float(Float16(bitPattern: bits))
                let middle = (value + Float(Float16(bitPattern: bits + 1))) / 2
                for x in [value, value.nextUp, middle.nextDown, middle, middle.nextUp] {
                    if HalfPrecision.bits(of: x) != Float16(x).bitPattern { wrong += 1 }
                    if HalfPrecision.bits(of: -x) != Float16(-x).bitPattern { wrong += 1 }
                }
            }
            #expect(wrong == 0)
        }
    #endif
}
