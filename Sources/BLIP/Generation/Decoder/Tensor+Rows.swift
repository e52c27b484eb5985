import OpenVINO

// Rows are the slices of a tensor along its first axis.

extension Tensor {
    /// The rows in another order, some left out or repeated.
    func selecting(_ rows: [Int]) throws -> Tensor {
        guard let count = shape.first, rows.allSatisfy({ (0..<count).contains($0) }) else {
            throw BlipError(.invalidOption, "A sequence that does not exist was to be kept")
        }
        let result = try Tensor(elementType, shape: [rows.count] + shape.dropFirst())
        try withUnsafeBytes { source in
            let rowBytes = source.count / max(count, 1)
            try result.withUnsafeMutableBytes { target in
                for (index, row) in rows.enumerated() {
                    UnsafeMutableRawBufferPointer(
                        rebasing: target[index * rowBytes..<(index + 1) * rowBytes]
                    ).copyMemory(
                        from: UnsafeRawBufferPointer(
                            rebasing: source[row * rowBytes..<(row + 1) * rowBytes]))
                }
            }
        }
        return result
    }

    /// Copies each row to a tensor of its own, whose first axis is 1.
    func rows() throws -> [Tensor] {
        try (0..<(shape.first ?? 0)).map { try selecting([$0]) }
    }

    /// Tensors of the same type and shape, their first axes joined; the tensor itself where it is one.
    static func joining(_ tensors: [Tensor]) throws -> Tensor {
        if tensors.count == 1, let only = tensors.first { return only }
        return try Tensor(stacking: tensors)
    }

    private convenience init(stacking tensors: [Tensor]) throws {
        guard let first = tensors.first,
            tensors.allSatisfy({
                $0.elementType == first.elementType
                    && $0.shape.dropFirst() == first.shape.dropFirst()
            })
        else { throw BlipError(.invalidOption, "Only states of the same shape can be joined") }
        let rows = tensors.map { $0.shape.first ?? 0 }.reduce(0, +)
        try self.init(first.elementType, shape: [rows] + first.shape.dropFirst())
        try withUnsafeMutableBytes { target in
            var offset = 0
            for tensor in tensors {
                try tensor.withUnsafeBytes { source in
                    UnsafeMutableRawBufferPointer(
                        rebasing: target[offset..<offset + source.count]
                    ).copyMemory(from: source)
                    offset += source.count
                }
            }
        }
    }
}
