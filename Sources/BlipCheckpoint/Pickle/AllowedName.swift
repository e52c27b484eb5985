/// The names that a pickle may ask for: those that a dictionary of tensors needs, none of which is
/// looked up or called anywhere. Each stands for something that ``Unpickler`` does itself.
enum AllowedName {
    /// `collections.OrderedDict`
    case orderedDictionary
    /// `torch._utils._rebuild_tensor_v2`
    case rebuildTensor
    /// `torch._utils._rebuild_parameter`
    case rebuildParameter
    /// `torch.Size`
    case size
    /// `torch.FloatStorage` and its like
    case storage(DataType)

    private static let storages: [String: DataType] = [
        "DoubleStorage": .f64, "FloatStorage": .f32, "HalfStorage": .f16, "BFloat16Storage": .bf16,
        "LongStorage": .i64, "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8,
        "ByteStorage": .u8, "BoolStorage": .bool,
    ]

    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch", "Size"): self = .size
        case ("torch", let storage):
            guard let type = Self.storages[storage] else { return nil }
            self = .storage(type)
        default: return nil
        }
    }

    /// The name as Python writes it, for messages.
    var pythonName: String {
        switch self {
        case .orderedDictionary: "collections.OrderedDict"
        case .rebuildTensor: "torch._utils._rebuild_tensor_v2"
        case .rebuildParameter: "torch._utils._rebuild_parameter"
        case .size: "torch.Size"
        case .storage(let type): "torch's storage of \(type)"
        }
    }
}
