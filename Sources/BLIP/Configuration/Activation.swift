import ModelGraph

/// The activation of a feed-forward block, as `hidden_act` names it.
public enum Activation: String, Sendable, Hashable, Codable {
    case gelu
    case geluNew = "gelu_new"
    case geluTanh = "gelu_pytorch_tanh"
    case quickGelu = "quick_gelu"
    case relu
    case silu

    public init(from decoder: any Decoder) throws {
        let name = try decoder.singleValueContainer().decode(String.self)
        guard let activation = Activation(rawValue: name) else {
            throw BlipError(
                .invalidConfiguration,
                "the activation \"\(name)\" is not known; known are gelu, gelu_new, "
                    + "gelu_pytorch_tanh, quick_gelu, relu and silu")
        }
        self = activation
    }

    func callAsFunction(_ x: Value) throws -> Value {
        switch self {
        case .gelu: x.gelu()
        case .geluNew, .geluTanh: x.gelu(approximatedByTanh: true)
        case .quickGelu: try x.scaled(by: 1.702).sigmoid().multiplied(by: x)
        case .relu: x.relu()
        case .silu: x.silu()
        }
    }
}
