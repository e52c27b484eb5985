// Activations, softmax and normalizations.

extension Value {
    /// Gaussian error linear unit: exact (`erf`), or the `tanh` approximation.
    public func gelu(approximatedByTanh: Bool = false) -> Value {
        applying(
            "Gelu", "opset7", [("approximation_mode", approximatedByTanh ? "TANH" : "ERF")],
            shape: shape)
    }

    /// `max(x, 0)`, elementwise.
    public func relu() -> Value { applying("ReLU", "opset1", shape: shape) }
    /// `1 / (1 + exp(-x))`, elementwise.
    public func sigmoid() -> Value { applying("Sigmoid", "opset1", shape: shape) }

    /// `x * sigmoid(x)`, also called swish.
    public func silu() -> Value { applying("Swish", "opset4", shape: shape) }

    /// `x · relu6(x + 3) / 6`, elementwise.
    public func hardSwish() -> Value { applying("HSwish", "opset4", shape: shape) }

    /// `x · tanh(log(1 + exp(x)))`, elementwise.
    public func mish() -> Value { applying("Mish", "opset4", shape: shape) }

    /// Hyperbolic tangent, elementwise.
    public func tanh() -> Value { applying("Tanh", "opset1", shape: shape) }

    /// The nearest value within bounds, elementwise.
    public func clamped(to bounds: ClosedRange<Float>) -> Value {
        applying(
            "Clamp", "opset1",
            [("min", String(bounds.lowerBound)), ("max", String(bounds.upperBound))], shape: shape)
    }

    /// Exponentials that sum to 1 along an axis; the shape stays.
    ///
    /// A negative `axis` counts from the last.
    ///
    /// - Throws: ``GraphError`` where there is no such axis.
    public func softmax(
        axis: Int = -1, fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        guard let axis = shape.axis(axis) else {
            throw GraphError("Softmax of \(shape) over axis \(axis)", fileID, line)
        }
        return applying("SoftMax", "opset8", [("axis", String(axis))], shape: shape)
    }

    /// Layer normalization over the last axis (Ba, Kiros and Hinton, 2016).
    ///
    /// `scale` and `shift` have the shape [width]; `epsilon` is added to the variance under the
    /// root.
    public func layerNormalized(
        scale: Value, shift: Value, epsilon: Float, fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        guard let width = shape.dimensions.last, scale.shape == Shape([width]),
            shift.shape == scale.shape
        else {
            throw GraphError(
                "Layer normalization of \(shape) with scale \(scale.shape) and shift "
                    + "\(shift.shape)", fileID, line)
        }
        let normalized = applying(
            "MVN", "opset6",
            [
                ("normalize_variance", "true"), ("eps", String(epsilon)),
                ("eps_mode", "INSIDE_SQRT"),
            ], with: [graph.integers([-1])], shape: shape)
        return try normalized.multiplied(by: scale, fileID: fileID, line: line).adding(
            shift, fileID: fileID, line: line)
    }

    /// Divides by the Euclidean norm over the last axis.
    ///
    /// - Parameter epsilon: the least norm that is divided by, as in PyTorch's `normalize`.
    public func l2Normalized(epsilon: Float = 1e-12) -> Value {
        applying(
            "NormalizeL2", "opset1", [("eps", String(epsilon * epsilon)), ("eps_mode", "max")],
            with: [graph.integers([shape.rank - 1])], shape: shape)
    }
}
