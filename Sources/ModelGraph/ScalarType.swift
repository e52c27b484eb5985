/// The type of one element of a tensor, as OpenVINO's IR names them.
public struct ScalarType: Sendable, Hashable {
    /// The IR's name in lower case, as in `element_type="f32"`.
    public let name: String
    /// The IR's name for a port's precision, as in `precision="FP32"`.
    let precisionName: String
    /// Bits an element takes in the weights blob.
    public let bitWidth: Int

    /// IEEE 754 single.
    public static let f32 = ScalarType(name: "f32", precisionName: "FP32", bitWidth: 32)
    /// IEEE 754 half.
    public static let f16 = ScalarType(name: "f16", precisionName: "FP16", bitWidth: 16)
    /// The upper half of an IEEE 754 single.
    public static let bf16 = ScalarType(name: "bf16", precisionName: "BF16", bitWidth: 16)
    /// Signed, 8 bytes.
    public static let i64 = ScalarType(name: "i64", precisionName: "I64", bitWidth: 64)
    /// Signed, 4 bytes.
    public static let i32 = ScalarType(name: "i32", precisionName: "I32", bitWidth: 32)
    /// Signed, 1 byte.
    public static let i8 = ScalarType(name: "i8", precisionName: "I8", bitWidth: 8)
    /// Unsigned, 1 byte.
    public static let u8 = ScalarType(name: "u8", precisionName: "U8", bitWidth: 8)
    /// Signed, two elements a byte.
    public static let i4 = ScalarType(name: "i4", precisionName: "I4", bitWidth: 4)
    /// Unsigned, two elements a byte.
    public static let u4 = ScalarType(name: "u4", precisionName: "U4", bitWidth: 4)
    /// One byte an element, 0 or 1.
    public static let boolean = ScalarType(name: "boolean", precisionName: "BOOL", bitWidth: 8)
}

extension ScalarType {
    private static let all = [f32, f16, bf16, i64, i32, i8, u8, i4, u4, boolean]

    /// The type that the IR calls so, as an element type or as a port's precision.
    init?(_ name: Substring) {
        guard let type = Self.all.first(where: { $0.name == name || $0.precisionName == name })
        else { return nil }
        self = type
    }
}

extension ScalarType: CustomStringConvertible {
    public var description: String { name }
}
