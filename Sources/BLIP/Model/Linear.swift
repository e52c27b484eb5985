import ModelGraph

/// `x · weightᵀ + bias`.
struct Linear {
    private let weight: Value
    private let bias: Value

    init(_ weights: Weights, _ inputSize: Int, _ outputSize: Int) throws {
        weight = try weights.tensor("weight", [outputSize, inputSize])
        bias = try weights.tensor("bias", [outputSize])
    }

    /// Some of the outputs of a packed product, such as the queries' of query, key and value.
    init(_ weights: Weights, _ inputSize: Int, _ outputSize: Int, part: Int, of parts: Int) throws {
        let rows = part * outputSize..<(part + 1) * outputSize
        weight = try weights.tensor("weight", [parts * outputSize, inputSize], rows: rows)
        bias = try weights.tensor("bias", [parts * outputSize], rows: rows)
    }

    /// - Parameter x: shape [..., input size].
    /// - Returns: shape [..., output size].
    func callAsFunction(_ x: Value) throws -> Value {
        try x.matrixProduct(weight, transposingOther: true).adding(bias)
    }
}

/// Layer normalization over the last axis.
struct LayerNorm {
    private let scale: Value
    private let shift: Value
    private let epsilon: Float

    init(_ weights: Weights, _ size: Int, epsilon: Float) throws {
        scale = try weights.tensor("weight", [size])
        shift = try weights.tensor("bias", [size])
        self.epsilon = epsilon
    }

    func callAsFunction(_ x: Value) throws -> Value {
        try x.layerNormalized(scale: scale, shift: shift, epsilon: epsilon)
    }
}
