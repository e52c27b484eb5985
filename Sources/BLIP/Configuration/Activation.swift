import ModelGraph

/// The activation of a feed-forward block, as `hidden_act` names it.
public enum Activation: String, Sendable, Hashable, Codable {
    /// `x · Φ(x)` with the exact normal distribution (Hendrycks and Gimpel, 2016).
    case gelu
    /// GELU by its `tanh` approximation, under the name of Google's BERT.
    case geluNew = "gelu_new"
    /// GELU by its `tanh` approximation, under PyTorch's name; the same as ``geluNew``.
    case geluTanh = "gelu_pytorch_tanh"
    /// `x · sigmoid(1.702 x)`, as CLIP has it.
    case quickGelu = "quick_gelu"
    /// `max(x, 0)`.
    case relu
    /// `x · sigmoid(x)`, also called swish.
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
