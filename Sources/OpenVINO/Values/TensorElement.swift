/// A Swift type that lies in memory exactly as the elements of one OpenVINO type do, so that a
/// tensor's memory can be viewed as an array of it.
public protocol TensorElement: BitwiseCopyable, Sendable {
    static var elementType: ElementType { get }
}

extension Float: TensorElement {
    public static var elementType: ElementType { .f32 }
}

extension Double: TensorElement {
    public static var elementType: ElementType { .f64 }
}

extension Int8: TensorElement {
    public static var elementType: ElementType { .i8 }
}

extension Int16: TensorElement {
    public static var elementType: ElementType { .i16 }
}

extension Int32: TensorElement {
    public static var elementType: ElementType { .i32 }
}

extension Int64: TensorElement {
    public static var elementType: ElementType { .i64 }
}

extension UInt8: TensorElement {
    public static var elementType: ElementType { .u8 }
}

extension UInt16: TensorElement {
    public static var elementType: ElementType { .u16 }
}

extension UInt32: TensorElement {
    public static var elementType: ElementType { .u32 }
}

extension UInt64: TensorElement {
    public static var elementType: ElementType { .u64 }
}

// Swift has no Float16 on Intel Macs.
#if !(os(macOS) && arch(x86_64))
    extension Float16: TensorElement {
        public static var elementType: ElementType { .f16 }
    }
#endif

extension BFloat16: TensorElement {
    public static var elementType: ElementType { .bf16 }
}
