/// Widens or narrows floating-point elements to `Float`.
package enum FloatConversion {
    /// The elements, or `nil` where the type is not a floating-point type known here.
    package static func floats(_ bytes: UnsafeRawBufferPointer, _ type: DataType) -> [Float]? {
        switch type {
        case .f32: convert(bytes) { Float(bitPattern: UInt32(littleEndian: $0)) }
        case .f64: convert(bytes) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
        case .bf16: convert(bytes) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
        case .f16: convert(bytes) { half(UInt16(littleEndian: $0)) }
        default: nil
        }
    }

    private static func convert<Raw: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ value: (Raw) -> Float
    ) -> [Float] {
        let width = MemoryLayout<Raw>.size
        let count = bytes.count / width
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            for index in 0..<count {
                let raw = bytes.loadUnaligned(fromByteOffset: index * width, as: Raw.self)
                buffer.initializeElement(at: index, to: value(raw))
            }
            initialized = count
        }
    }

    /// IEEE 754 binary16 to binary32, exactly. (`Float16` does not exist on Intel Macs.)
    static func half(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10 & 0x1F)
        let fraction = UInt32(bits & 0x3FF)
        switch exponent {
        case 0:
            // Subnormal: the fraction counts steps of 2^-24.
            let magnitude = Float(fraction) * 0x1p-24
            return Float(bitPattern: magnitude.bitPattern | sign)
        case 0x1F:
            return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default:
            return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}
