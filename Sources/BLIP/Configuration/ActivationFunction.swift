import ModelGraph

/// The activation of a feed-forward block, as `hidden_act` names it: those of transformers' `ACT2FN` that
/// have no weights of their own.
package enum ActivationFunction: String, Sendable, Hashable, Codable, CaseIterable {
    /// `x · Φ(x)` with the exact normal distribution (Hendrycks and Gimpel, 2016).
    case gelu
    /// The same as ``gelu``, written out in Python.
    case geluPython = "gelu_python"
    /// GELU by its `tanh` approximation, under the name of Google's BERT.
    case geluNew = "gelu_new"
    /// GELU by its `tanh` approximation, under PyTorch's name; the same as ``geluNew``.
    case geluTanh = "gelu_pytorch_tanh"
    /// The same as ``geluNew``, written out in Python.
    case geluPythonTanh = "gelu_python_tanh"
    /// The same as ``geluNew``, with its constant rounded.
    case geluFast = "gelu_fast"
    /// The same as ``geluNew``, with its constant computed once.
    case geluAccurate = "gelu_accurate"
    /// ``gelu``, cut off at -10 and 10.
    case gelu10 = "gelu_10"
    /// `x · sigmoid(1.702 x)`, as CLIP has it.
    case quickGelu = "quick_gelu"
    /// `max(x, 0)`.
    case relu
    /// The square of ``relu``.
    case relu2
    /// ``relu``, cut off at 6.
    case relu6
    /// ``relu`` that leaves a hundredth of what is below 0.
    case leakyRelu = "leaky_relu"
    /// `x · sigmoid(x)`, also called swish.
    case silu
    /// ``silu`` under its other name.
    case swish
    /// `x · relu6(x + 3) / 6`.
    case hardswish
    /// `x · tanh(log(1 + exp(x)))`.
    case mish
    /// `tanh(x)`.
    case tanh
    /// `1 / (1 + exp(-x))`.
    case sigmoid
    /// `x` itself.
    case linear

    package init(from decoder: any Decoder) throws {
        let name = try decoder.singleValueContainer().decode(String.self)
        guard let activation = ActivationFunction(rawValue: name) else {
            let known = ActivationFunction.allCases.map(\.rawValue).joined(separator: ", ")
            throw BlipError(
                .invalidConfiguration, "the activation \"\(name)\" is not known; known are \(known)"
            )
        }
        self = activation
    }

    func callAsFunction(_ x: Value) throws -> Value {
        switch self {
        case .gelu, .geluPython: x.gelu()
        case .geluNew, .geluTanh, .geluPythonTanh, .geluFast, .geluAccurate:
            x.gelu(approximatedByTanh: true)
        case .gelu10: x.gelu().clamped(to: -10...10)
        case .quickGelu: try x.scaled(by: 1.702).sigmoid().multiplied(by: x)
        case .relu: x.relu()
        case .relu2: try x.relu().multiplied(by: x.relu())
        case .relu6: x.clamped(to: 0...6)
        case .leakyRelu: try x.scaled(by: 0.01).adding(x.relu().scaled(by: 0.99))
        case .silu, .swish: x.silu()
        case .hardswish: x.hardSwish()
        case .mish: x.mish()
        case .tanh: x.tanh()
        case .sigmoid: x.sigmoid()
        case .linear: x
        }
    }
}
