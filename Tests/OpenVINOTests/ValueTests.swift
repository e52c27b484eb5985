import Foundation
import OpenVINO
import Testing

@Suite struct ValueTests {
    @Test func shapesReadAsOpenVINOWritesThem() {
        let shape: PartialShape = [1, -1, .init(2...8), 768]
        #expect(shape.description == "[1,?,2..8,768]")
        #expect(shape.rank == 4)
        #expect(shape.fixed == nil)
        #expect(PartialShape([2, 3]).fixed == [2, 3])
        #expect(PartialShape.dynamic.description == "...")
        #expect(PartialShape.dynamic.fixed == nil)
        #expect(PartialShape.Dimension(-5) == .dynamic)
        #expect(PartialShape.Dimension(0).fixed == 0)
    }

    @Test func elementTypesHaveNamesAndSizes() {
        #expect(ElementType.bf16.description == "bf16")
        #expect(ElementType.i4.bitWidth == 4)
        #expect(ElementType.string.bitWidth == nil)
        #expect(ElementType(rawValue: 999).bitWidth == nil)
        #expect(ElementType(rawValue: 999).description == "type 999")
    }

    private static let roundings: [(Float, UInt16)] = [
        (1, 0x3F80), (-2, 0xC000), (0, 0), (-0.0, 0x8000), (.infinity, 0x7F80),
        (Float(bitPattern: 0x3F80_8000), 0x3F80), (Float(bitPattern: 0x3F81_8000), 0x3F82),
        (.greatestFiniteMagnitude, 0x7F80),
    ]

    @Test(arguments: roundings)
    func bfloat16RoundsToNearestEven(value: Float, bits: UInt16) {
        #expect(BFloat16(value).bitPattern == bits)
    }

    @Test func bfloat16KeepsNaNs() {
        #expect(Float(BFloat16(.nan)).isNaN)
        #expect(Float(BFloat16(Float(bitPattern: 0x7F80_0001))).isNaN)
        #expect(Float(BFloat16(1.5)) == 1.5)
    }

    @Test func propertiesReadAsOpenVINOWritesThem() {
        #expect(Property.inferencePrecision(.bf16).description == "INFERENCE_PRECISION_HINT=bf16")
        #expect(Property.enableProfiling(true).description == "PERF_COUNT=YES")
        #expect(
            Property.cacheDirectory(URL(filePath: "/tmp/a b")).description == "CACHE_DIR=/tmp/a b")
        #expect(
            Property.performanceHint(.cumulative).value == "CUMULATIVE_THROUGHPUT")
    }
}
