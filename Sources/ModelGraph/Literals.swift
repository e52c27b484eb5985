extension Graph {
    /// A constant of 64-bit integers, as shapes, axes and indices are.
    public func integers(_ values: [Int]) -> Value {
        literal(.i64, Shape([.fixed(values.count)]), bytes(of: values.map(Int64.init)))
    }

    /// One 64-bit integer without a dimension.
    public func integer(_ value: Int) -> Value {
        literal(.i64, [], bytes(of: [Int64(value)]))
    }

    /// One 32-bit float without a dimension.
    public func float(_ value: Float) -> Value {
        literal(.f32, [], bytes(of: [value]))
    }

    /// A vector of 32-bit floats.
    public func floats(_ values: [Float]) -> Value {
        literal(.f32, Shape([.fixed(values.count)]), bytes(of: values))
    }

    /// Places a literal whose bytes fit by construction, so that nothing can be thrown.
    private func literal(_ type: ScalarType, _ shape: Shape, _ bytes: [UInt8]) -> Value {
        let constant = Constant(scalarType: type, shape: shape, bytes: .literal(bytes))
        return add("Const", "opset1", outputs: [(type, shape)], constant: constant)[0]
    }

    private func bytes<Element>(of values: [Element]) -> [UInt8] {
        values.withUnsafeBytes { Array($0) }
    }
}
