/// Turns a tensor of a pickle into a place in the file, once it is known to lie in its storage.
struct StorageView {
    let file: String
    let storage: PickleHeap.Storage
    /// Where the storage's first byte lies in the file.
    let storageOffset: Int

    func tensor(
        _ tensor: PickleHeap.Tensor, name: String
    ) throws(CheckpointError) -> StoredTensor {
        let type = storage.dataType
        let subject = "the tensor \"\(name.quotable)\""
        guard tensor.shape.count == tensor.strides.count else {
            throw CheckpointError(
                .shapeOverflow, file: file,
                "\(subject) has \(tensor.shape.count) dimensions and \(tensor.strides.count) strides"
            )
        }
        guard let byteCount = type.byteCount(shape: tensor.shape) else {
            throw CheckpointError(
                .shapeOverflow, file: file,
                "\(subject) has a shape whose size in \(type) cannot be counted")
        }
        guard let last = Self.lastElement(of: tensor),
            tensor.elementOffset >= 0, last < storage.elementCount || byteCount == 0
        else {
            throw CheckpointError(
                .tensorOutsideStorage, file: file,
                "\(subject) reaches outside its storage of \(storage.elementCount.grouped) elements",
                remedy: Remedy.untrusted)
        }
        let isRowMajor = Self.isRowMajor(tensor)
        guard isRowMajor || byteCount / type.byteWidth <= storage.elementCount else {
            throw CheckpointError(
                .tensorExpanded, file: file,
                "\(subject) repeats the elements of its storage",
                remedy: "save it with contiguous() applied")
        }
        let (start, overflow) =
            byteCount == 0
            ? (0, false) : tensor.elementOffset.multipliedReportingOverflow(by: type.byteWidth)
        let (offset, carry) = storageOffset.addingReportingOverflow(start)
        guard !overflow, !carry else {
            throw CheckpointError(
                .tensorOutsideStorage, file: file, "\(subject) begins beyond what a file can hold",
                remedy: Remedy.untrusted)
        }
        // Along a dimension of one element nobody steps, and the stride can be any number.
        let strides = zip(tensor.shape, tensor.strides).map { $0 == 1 ? 0 : $1 }
        return StoredTensor(
            name: name, dataType: type, shape: tensor.shape,
            strides: isRowMajor ? nil : strides, offset: offset,
            byteCount: byteCount)
    }

    /// The highest element that is touched, counted in the storage; `nil` where it cannot be counted.
    private static func lastElement(of tensor: PickleHeap.Tensor) -> Int? {
        var last = tensor.elementOffset
        for (dimension, stride) in zip(tensor.shape, tensor.strides) {
            guard stride >= 0 else { return nil }
            let (reach, overflow) = max(dimension - 1, 0).multipliedReportingOverflow(by: stride)
            let (sum, carry) = last.addingReportingOverflow(reach)
            guard !overflow, !carry else { return nil }
            last = sum
        }
        return last
    }

    /// Strides along dimensions of one element mean nothing. (The shape's product is known to fit.)
    private static func isRowMajor(_ tensor: PickleHeap.Tensor) -> Bool {
        guard !tensor.shape.contains(0) else { return true }
        var expected = 1
        for (dimension, stride) in zip(tensor.shape, tensor.strides).reversed() where dimension != 1
        {
            guard stride == expected else { return false }
            expected *= dimension
        }
        return true
    }
}
