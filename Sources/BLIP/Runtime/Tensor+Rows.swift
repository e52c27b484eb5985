import OpenVINO

extension Tensor {
    /// The rows of the first axis in another order, some left out or repeated.
    func selecting(_ rows: [Int]) throws -> Tensor {
        guard let count = shape.first, count > 0 else { return self }
        guard rows.allSatisfy({ (0..<count).contains($0) }) else {
            throw BlipError(.invalidOption, "A sequence that does not exist was to be kept")
        }
        let result = try Tensor(elementType, shape: [rows.count] + shape.dropFirst())
        try withUnsafeBytes { source in
            let rowBytes = source.count / count
            try result.withUnsafeMutableBytes { target in
                for (index, row) in rows.enumerated() {
                    UnsafeMutableRawBufferPointer(
                        rebasing: target[index * rowBytes..<(index + 1) * rowBytes]
                    )
                    .copyMemory(
                        from: UnsafeRawBufferPointer(
                            rebasing: source[row * rowBytes..<(row + 1) * rowBytes]))
                }
            }
        }
        return result
    }
}
