/// The type of one element of a tensor, as OpenVINO's IR names them.
public struct ScalarType: Sendable, Hashable {
    /// The IR's name in lower case, as in `element_type="f32"`.
    public let name: String
    /// The IR's name for a port's precision, as in `precision="FP32"`.
    let precisionName: String
    /// Bits an element takes in the weights blob.
    public let bitWidth: Int

    public static let f32 = ScalarType(name: "f32", precisionName: "FP32", bitWidth: 32)
    public static let f16 = ScalarType(name: "f16", precisionName: "FP16", bitWidth: 16)
    public static let bf16 = ScalarType(name: "bf16", precisionName: "BF16", bitWidth: 16)
    public static let i64 = ScalarType(name: "i64", precisionName: "I64", bitWidth: 64)
    public static let i32 = ScalarType(name: "i32", precisionName: "I32", bitWidth: 32)
    public static let i8 = ScalarType(name: "i8", precisionName: "I8", bitWidth: 8)
    public static let u8 = ScalarType(name: "u8", precisionName: "U8", bitWidth: 8)
    public static let i4 = ScalarType(name: "i4", precisionName: "I4", bitWidth: 4)
    public static let u4 = ScalarType(name: "u4", precisionName: "U4", bitWidth: 4)
    public static let boolean = ScalarType(name: "boolean", precisionName: "BOOL", bitWidth: 8)
}

extension ScalarType: CustomStringConvertible {
    public var description: String { name }
}
