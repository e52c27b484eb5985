import OpenVINO

// Rows are the slices of a tensor along its first axis.

extension Tensor {
    /// The rows in another order, some left out or repeated.
    ///
    /// - Parameter allocated: rows that the result has; those behind the given ones are zero. `nil` for as many
    ///   as are given.
    func selecting(_ rows: [Int], allocating allocated: Int? = nil) throws -> Tensor {
        guard let count = shape.first, rows.allSatisfy({ (0..<count).contains($0) }) else {
            throw BlipError(.invalidOption, "A sequence that does not exist was to be kept")
        }
        let allocated = max(rows.count, allocated ?? rows.count)
        let result = try Tensor(elementType, shape: [allocated] + shape.dropFirst())
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
                UnsafeMutableRawBufferPointer(rebasing: target[(rows.count * rowBytes)...])
                    .initializeMemory(as: UInt8.self, repeating: 0)
            }
        }
        return result
    }

    /// The tensor with rows of zeros behind its own; itself where it has so many.
    func padded(toRows count: Int) throws -> Tensor {
        let own = shape.first ?? 0
        return own >= count ? self : try selecting(Array(0..<own), allocating: count)
    }

    /// The first rows, without a copy; the tensor itself where it has no more.
    func firstRows(_ count: Int) throws -> Tensor {
        shape.first == count ? self : try rows(0..<count)
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
