package import BlipCheckpoint
package import ModelGraph

/// Makes matrices integers with scales, and all other tensors half-precision floats.
package struct RoundWeights: GraphPass {
    /// What matrices become; `nil` for half-precision floats too.
    let integers: GroupQuantization.Integers?
    /// Where the weights lie.
    let region: WeightRegion

    package init(integers: GroupQuantization.Integers?, region: WeightRegion) {
        self.integers = integers
        self.region = region
    }

    package func run(on graph: Graph) throws {
        for weight in graph.weights {
            // Read again when it is placed, so that only one tensor is in memory at a time.
            let floats = weight.reader(in: region)
            let shape = weight.constant.shape
            let rounded = try graph.scope(of: weight.node) { () -> Value? in
                if let integers = integers(for: weight), let rows = shape.dimensions[0].size,
                    let columns = shape.dimensions[1].size
                {
                    return try graph.quantized(
                        rows: rows, columns: columns, as: integers, called: weight.node.ownName
                    ) { try floats()[...] }
                }
                guard weight.constant.scalarType != .f16, let count = shape.elementCount else {
                    return nil
                }
                let bytes = ConstantBytes.produced(byteCount: count * 2) {
                    HalfPrecision.bytes(try floats()[...])
                }
                return try graph.constant(.f16, shape, bytes, called: weight.node.ownName)
                    .decompressed(to: .f32)
            }
            if let rounded { weight.value.replaceUses(with: rounded) }
        }
    }

    /// The integers that a matrix becomes; `nil` for what stays a float.
    private func integers(for weight: StoredWeight) -> GroupQuantization.Integers? {
        let shape = weight.constant.shape
        guard shape.rank == 2, let columns = shape.dimensions[1].size else { return nil }
        let readers = weight.value.uses.map(\.node)
        // Products of bytes want bytes on both sides, whatever all other weights are.
        if readers.contains(where: { $0.inputs.first?.producer.type == "FakeQuantize" }) {
            return integers == .int7 ? .int7 : .int8
        }
        guard let integers else { return nil }
        // The first thing that a text meets, and the last: tables, and what scores are made with. And rows
        // that groups do not divide.
        let isAtAnEnd = readers.contains { $0.type == "Gather" || $0.leadsToOutput }
        return isAtAnEnd || !integers.fit(columns: columns) ? .int8 : integers
    }
}

extension GraphNode {
    /// Whether its result, with a bias or without, is one of the graph's.
    fileprivate var leadsToOutput: Bool {
        outputs.flatMap(\.uses).contains { user, _ in
            user.type == "Result"
                || user.type == "Add"
                    && user.outputs.flatMap(\.uses).contains { $0.node.type == "Result" }
        }
    }
}
