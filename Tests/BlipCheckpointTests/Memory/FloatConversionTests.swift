import Testing

@testable import BlipCheckpoint

@Suite struct FloatConversionTests {
    private func floats(_ bytes: [UInt8], _ type: DataType) -> [Float]? {
        bytes.withUnsafeBytes { FloatConversion.floats($0, type) }
    }

    @Test func convertsEveryFloatingPointType() {
        #expect(floats([Float(1.5), -0.25].bytes, .f32) == [1.5, -0.25])
        #expect(floats(Double(0.1).bitPattern.bytes, .f64) == [0.1])
        #expect(floats(UInt16(0x3FC0).bytes + UInt16(0xC000).bytes, .bf16) == [1.5, -2])
        #expect(floats([1], .i8) == nil)
        #expect(floats([1], .f8e4m3) == nil)
    }

    @Test(arguments: [
        (UInt16(0x0000), Float(0)), (0x3C00, 1), (0xC000, -2), (0x7BFF, 65504),
        (0x0001, 0x1p-24), (0x03FF, 0x3FFp-24), (0x0400, 0x1p-14), (0x8001, -0x1p-24),
        (0x7C00, .infinity), (0xFC00, -.infinity), (0x3555, 0.333251953125),
    ]) func convertsHalf(bits: UInt16, value: Float) {
        #expect(FloatConversion.half(bits) == value)
    }

    @Test func keepsTheSignOfZeroAndNaN() {
        #expect(FloatConversion.half(0x8000).sign == .minus)
        #expect(FloatConversion.half(0x7E00).isNaN)
    }
}
