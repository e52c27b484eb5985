internal import COpenVINO

/// The type of a tensor's elements.
///
/// Open: a type that a later OpenVINO adds arrives with its number and no name.
public struct ElementType: RawRepresentable, Hashable, Sendable {
    /// OpenVINO's `ov_element_type_e`. The numbers differ between versions: do not store them.
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    init(_ type: ov_element_type_e) {
        self.init(rawValue: UInt32(type.rawValue))
    }

    var cValue: ov_element_type_e {
        ov_element_type_e(rawValue: .init(rawValue))
    }
}

extension ElementType {
    /// Not known before inference.
    package static let dynamic = Self(DYNAMIC)
    /// One byte an element, 0 or 1.
    public static let boolean = Self(OV_BOOLEAN)
    /// The upper half of an IEEE 754 single; see ``BFloat16``.
    public static let bf16 = Self(BF16)
    /// IEEE 754 half.
    public static let f16 = Self(F16)
    /// IEEE 754 single.
    public static let f32 = Self(F32)
    /// IEEE 754 double.
    public static let f64 = Self(F64)
    /// Signed, two elements a byte.
    package static let i4 = Self(I4)
    /// Signed, 1 byte.
    public static let i8 = Self(I8)
    /// Signed, 2 bytes.
    public static let i16 = Self(I16)
    /// Signed, 4 bytes.
    public static let i32 = Self(I32)
    /// Signed, 8 bytes.
    public static let i64 = Self(I64)
    /// Unsigned, 1 bit an element.
    package static let u1 = Self(U1)
    /// Unsigned, 2 bits an element.
    package static let u2 = Self(U2)
    /// Unsigned, 3 bits an element.
    package static let u3 = Self(U3)
    /// Unsigned, two elements a byte.
    package static let u4 = Self(U4)
    /// Unsigned, 6 bits an element.
    package static let u6 = Self(U6)
    /// Unsigned, 1 byte.
    public static let u8 = Self(U8)
    /// Unsigned, 2 bytes.
    public static let u16 = Self(U16)
    /// Unsigned, 4 bytes.
    public static let u32 = Self(U32)
    /// Unsigned, 8 bytes.
    public static let u64 = Self(U64)
    /// 4 bits: the quantiles of a normal distribution (Dettmers et al., 2023).
    package static let nf4 = Self(NF4)
    /// 8 bits: 4 of exponent, 3 of fraction (Micikevicius et al., 2022).
    package static let f8e4m3 = Self(F8E4M3)
    /// The C header calls it `F8E5M3`, and means this.
    package static let f8e5m2 = Self(F8E5M3)
    /// 4 bits: 2 of exponent, 1 of fraction (OCP microscaling formats).
    package static let f4e2m1 = Self(F4E2M1)
    /// 8 bits of exponent alone: a power of two, as scale (OCP microscaling formats).
    package static let f8e8m0 = Self(F8E8M0)
    /// Text; its memory cannot be viewed as numbers.
    public static let string = Self(STRING)

    private struct Facts {
        let name: String
        let bits: Int?
    }

    private static let facts: [ElementType: Facts] = [
        .dynamic: Facts(name: "dynamic", bits: nil), .boolean: Facts(name: "boolean", bits: 8),
        .bf16: Facts(name: "bf16", bits: 16), .f16: Facts(name: "f16", bits: 16),
        .f32: Facts(name: "f32", bits: 32), .f64: Facts(name: "f64", bits: 64),
        .i4: Facts(name: "i4", bits: 4), .i8: Facts(name: "i8", bits: 8),
        .i16: Facts(name: "i16", bits: 16), .i32: Facts(name: "i32", bits: 32),
        .i64: Facts(name: "i64", bits: 64), .u1: Facts(name: "u1", bits: 1),
        .u2: Facts(name: "u2", bits: 2), .u3: Facts(name: "u3", bits: 3),
        .u4: Facts(name: "u4", bits: 4), .u6: Facts(name: "u6", bits: 6),
        .u8: Facts(name: "u8", bits: 8), .u16: Facts(name: "u16", bits: 16),
        .u32: Facts(name: "u32", bits: 32), .u64: Facts(name: "u64", bits: 64),
        .nf4: Facts(name: "nf4", bits: 4), .f8e4m3: Facts(name: "f8e4m3", bits: 8),
        .f8e5m2: Facts(name: "f8e5m2", bits: 8), .f4e2m1: Facts(name: "f4e2m1", bits: 4),
        .f8e8m0: Facts(name: "f8e8m0", bits: 8), .string: Facts(name: "string", bits: nil),
    ]

    /// Bits an element; nil for ``dynamic``, ``string`` and types that have no name here.
    package var bitWidth: Int? { Self.facts[self]?.bits }
}

extension ElementType: CustomStringConvertible {
    /// The name that IR files and properties use, such as `f32`.
    public var description: String { Self.facts[self]?.name ?? "type \(rawValue)" }
}
