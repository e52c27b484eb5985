/// The type of a tensor's elements.
///
/// An open set: every type that the safetensors format names is recognized, so that a checkpoint
/// with an exotic tensor still opens; ``Checkpoint/floats(_:)`` refuses those it cannot convert.
package struct DataType: Sendable, Hashable {
    /// The name as safetensors writes it: `F32`, `BF16`, `I64`, `BOOL`.
    package let name: String
    /// The size of one element in bits.
    package let bitWidth: Int

    init(_ name: String, bits: Int) {
        self.name = name
        self.bitWidth = bits
    }

    /// The size of one element in bytes; 0 for types of less than a byte.
    package var byteWidth: Int { bitWidth / 8 }

    /// IEEE 754 double.
    package static let f64 = Self("F64", bits: 64)
    /// IEEE 754 single.
    package static let f32 = Self("F32", bits: 32)
    /// IEEE 754 half.
    package static let f16 = Self("F16", bits: 16)
    /// The upper half of an IEEE 754 single.
    package static let bf16 = Self("BF16", bits: 16)
    /// Signed, 8 bytes.
    package static let i64 = Self("I64", bits: 64)
    /// Signed, 4 bytes.
    package static let i32 = Self("I32", bits: 32)
    /// Signed, 2 bytes.
    package static let i16 = Self("I16", bits: 16)
    /// Signed, 1 byte.
    package static let i8 = Self("I8", bits: 8)
    /// Unsigned, 8 bytes.
    package static let u64 = Self("U64", bits: 64)
    /// Unsigned, 4 bytes.
    package static let u32 = Self("U32", bits: 32)
    /// Unsigned, 2 bytes.
    package static let u16 = Self("U16", bits: 16)
    /// Unsigned, 1 byte.
    package static let u8 = Self("U8", bits: 8)
    /// One byte, 0 or 1.
    package static let bool = Self("BOOL", bits: 8)
    /// 8 bits: 4 of exponent, 3 of fraction.
    package static let f8e4m3 = Self("F8_E4M3", bits: 8)
    /// 8 bits: 5 of exponent, 2 of fraction.
    package static let f8e5m2 = Self("F8_E5M2", bits: 8)

    private static let known: [String: DataType] = {
        let exotic = [
            Self("C64", bits: 64), Self("F8_E8M0", bits: 8), Self("F8_E4M3FNUZ", bits: 8),
            Self("F8_E5M2FNUZ", bits: 8), Self("F6_E2M3", bits: 6), Self("F6_E3M2", bits: 6),
            Self("F4", bits: 4),
        ]
        let usual = [
            f64, f32, f16, bf16, i64, i32, i16, i8, u64, u32, u16, u8, bool, f8e4m3, f8e5m2,
        ]
        return Dictionary(uniqueKeysWithValues: (usual + exotic).map { ($0.name, $0) })
    }()

    /// The type with this name in safetensors, if there is one.
    package init?(safetensorsName name: String) {
        guard let type = Self.known[name] else { return nil }
        self = type
    }

    /// The bytes that a tensor of this shape needs: `nil` where the product overflows, a dimension
    /// is negative, or the last byte would be half used.
    func byteCount(shape: [Int]) -> Int? {
        guard let elements = shape.checkedProduct else { return nil }
        let (bits, overflow) = elements.multipliedReportingOverflow(by: bitWidth)
        guard !overflow, bits.isMultiple(of: 8) else { return nil }
        return bits / 8
    }
}

extension DataType: CustomStringConvertible {
    package var description: String { name }
}

extension [Int] {
    /// The number of elements in a tensor of this shape, or `nil` where it cannot be one.
    var checkedProduct: Int? {
        var product = 1
        for dimension in self {
            guard dimension >= 0 else { return nil }
            let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
            if overflow { return nil }
            product = next
        }
        return product
    }
}
