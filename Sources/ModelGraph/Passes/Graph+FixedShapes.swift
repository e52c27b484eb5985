extension Graph {
    /// Gives inputs fixed shapes, and every operation the shape that follows from them: then no size is left to
    /// be known when the model runs.
    ///
    /// - Parameters:
    ///   - shapes: each input's shape, by its name.
    ///   - bytes: reads a constant.
    ///   - fileID: the file that mistakes name.
    ///   - line: the line that mistakes name.
    /// - Throws: ``GraphError`` for an input that has no shape here or does not fit it, and for an operation
    ///   whose shape does not follow.
    package func fixShapes(
        of shapes: [String: Shape], reading bytes: @escaping (Constant) -> [UInt8]?,
        fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) {
        for (name, input) in inputs {
            guard let shape = shapes[name], shape.fits(input.shape) else {
                throw GraphError(
                    "The input \(name) \(input.shape) cannot have the shape "
                        + "\(shapes[name]?.description ?? "of nothing")", fileID, line)
            }
            nodes[input.node].setShape(shape)
        }
        var sizes = KnownIntegers(bytes: bytes)
        for id in nodes.indices {
            let node = nodes[id]
            let inputs = node.inputs.map { nodes[$0.node].outputs[$0.port].shape }
            sizes.learn(id, node, inputs)
            guard let output = node.outputs.first, output.shape.elementCount == nil else {
                continue
            }
            guard let shape = node.shape(of: inputs, sizes), shape.elementCount != nil else {
                throw GraphError("The shape of \(node.name) does not follow", fileID, line)
            }
            nodes[id].setShape(shape)
            // What told the shape when the model ran is a number now.
            if node.type == "Broadcast", let source = node.inputs.last {
                let target = integers(sizes[source] ?? [])
                nodes[id].inputs[1] = Node.Source(node: target.node, port: target.port)
            }
        }
    }
}

/// Integers that are known while shapes are: constants, and what is made of them and of shapes.
private struct KnownIntegers {
    let bytes: (Constant) -> [UInt8]?
    private var values: [Int: [Int]] = [:]

    init(bytes: @escaping (Constant) -> [UInt8]?) { self.bytes = bytes }

    subscript(source: Node.Source) -> [Int]? { values[source.node] }

    mutating func learn(_ id: Int, _ node: Node, _ inputs: [Shape]) {
        let known = node.inputs.map { self[$0] }
        switch node.type {
        case "Const":
            guard let constant = node.constant, constant.scalarType == .i64,
                constant.bytes.byteCount <= 64
            else { return }
            values[id] = bytes(constant).map { bytes in
                stride(from: 0, to: bytes.count, by: 8).map { start in
                    let word = bytes[start..<min(start + 8, bytes.count)].reversed()
                    return Int(truncatingIfNeeded: word.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
                }
            }
        case "ShapeOf": values[id] = inputs.first?.dimensions.compactMap(\.size)
        case "Gather":
            guard let from = known.first ?? nil, let places = known.dropFirst().first ?? nil,
                places.allSatisfy(from.indices.contains)
            else { return }
            values[id] = places.map { from[$0] }
        case "Concat":
            let parts = known.compactMap(\.self)
            if parts.count == known.count { values[id] = parts.flatMap(\.self) }
        default: break
        }
    }
}

extension Node {
    fileprivate mutating func setShape(_ shape: Shape) {
        outputs[0].shape = shape
        for index in attributes.indices
        where type == "Parameter" && attributes[index].0 == "shape" {
            attributes[index].1 = shape.dimensions.map(\.description).joined(separator: ",")
        }
    }

    /// The shape of what it computes; `nil` where it does not follow from what it reads.
    fileprivate func shape(of inputs: [Shape], _ sizes: KnownIntegers) -> Shape? {
        guard let x = inputs.first, let old = outputs.first?.shape else { return nil }
        let known = { (input: Int) in
            self.inputs.indices.contains(input) ? sizes[self.inputs[input]] : nil
        }
        switch type {
        case "Add", "Multiply", "Subtract", "Divide", "FakeQuantize":
            return inputs.dropFirst().reduce(Optional(x)) { all, next in
                all.flatMap { Shape.broadcast($0, next) }
            }
        case "MatMul": return inputs.count == 2 ? product(x, inputs[1]) : nil
        case "Transpose":
            guard let order = known(1), order.allSatisfy(x.dimensions.indices.contains) else {
                return nil
            }
            return Shape(order.map { x.dimensions[$0] })
        case "Concat":
            guard let axis = attribute("axis").flatMap({ Int($0) }).flatMap(x.axis),
                inputs.allSatisfy({ $0.rank == x.rank })
            else { return nil }
            var joined = x
            let sizes = inputs.compactMap { $0.dimensions[axis].size }
            guard sizes.count == inputs.count else { return nil }
            joined.dimensions[axis] = .fixed(sizes.reduce(0, +))
            return joined
        case "Gather":
            guard inputs.count == 3, let axis = known(2)?.first.flatMap(x.axis) else { return nil }
            var dimensions = x.dimensions
            dimensions.replaceSubrange(axis...axis, with: inputs[1].dimensions)
            return Shape(dimensions)
        case "Broadcast":
            guard let target = known(1) else { return nil }
            return Shape.broadcast(x, Shape(target.map { .fixed($0) }))
        // What is not fixed is kept from the same place.
        case "Reshape", "Convolution", "ReduceMax", "ReduceMin", "ReduceMean":
            return Shape(
                old.dimensions.enumerated().map { place, size in
                    size.size == nil && x.dimensions.indices.contains(place)
                        ? x.dimensions[place] : size
                })
        default:
            // Of one operand, element by element or along an axis.
            return old.rank == x.rank ? x : nil
        }
    }

    private func product(_ left: Shape, _ right: Shape) -> Shape? {
        guard left.rank >= 2, right.rank >= 2 else { return nil }
        let rows = left.dimensions[left.rank - (attribute("transpose_a") == "true" ? 1 : 2)]
        let columns = right.dimensions[right.rank - (attribute("transpose_b") == "true" ? 2 : 1)]
        return Shape.broadcast(
            Shape(Array(left.dimensions.dropLast(2))), Shape(Array(right.dimensions.dropLast(2)))
        ).map { Shape($0.dimensions + [rows, columns]) }
    }

    private func attribute(_ name: String) -> String? { attributes.first { $0.0 == name }?.1 }
}

extension Shape {
    /// Whether it is a fixed form of another one.
    fileprivate func fits(_ open: Shape) -> Bool {
        elementCount != nil && rank == open.rank
            && zip(dimensions, open.dimensions).allSatisfy { $1.size == nil || $0 == $1 }
    }
}
