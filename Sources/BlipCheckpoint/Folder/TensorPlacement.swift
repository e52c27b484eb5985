/// Gives each tensor of a file its place in the region: where it lies, or where that cannot be used,
/// in a copy in the arena.
///
/// A copy is needed where elements are not in row-major order, or not aligned for their type.
/// (Safetensors pads nothing between tensors, and torch's legacy layout pads nothing at all.)
struct TensorPlacement {
    private struct Source: Hashable {
        let offset: Int
        let dataType: DataType
        let shape: [Int]
        let strides: [Int]?
    }

    let region: WeightRegion
    let file: WeightRegion.File
    /// Tied weights are copied once.
    private var copies: [Source: Int] = [:]
    private var copiedBytes = 0

    init(region: WeightRegion, file: WeightRegion.File) {
        self.region = region
        self.file = file
    }

    mutating func place(_ tensor: StoredTensor) throws(CheckpointError) -> TensorEntry {
        let offset = file.offset + tensor.offset
        let isAligned = offset.isMultiple(of: max(tensor.dataType.byteWidth, 1))
        let isUsable = tensor.strides == nil && isAligned
        return TensorEntry(
            name: tensor.name, dataType: tensor.dataType, shape: tensor.shape,
            offset: isUsable ? offset : try copy(tensor), byteCount: tensor.byteCount)
    }

    private mutating func copy(_ tensor: StoredTensor) throws(CheckpointError) -> Int {
        let source = Source(
            offset: tensor.offset, dataType: tensor.dataType, shape: tensor.shape,
            strides: tensor.strides)
        if let offset = copies[source] { return offset }
        // Views that overlap could otherwise multiply a small file into much memory.
        guard tensor.byteCount <= file.byteCount - copiedBytes else {
            throw CheckpointError(
                .tensorExpanded, file: file.name,
                "its tensors would need more memory than the file has bytes",
                remedy: "save them with contiguous() applied")
        }
        copiedBytes += tensor.byteCount
        let start = file.offset + tensor.offset
        let base = region.base
        let offset = try region.append(byteCount: tensor.byteCount) { target in
            if let strides = tensor.strides {
                Self.gather(base, from: start, tensor, strides: strides, into: target)
            } else {
                target.copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: base[start..<start + tensor.byteCount]))
            }
        }
        copies[source] = offset
        return offset
    }

    /// Copies elements in row-major order. That all lie in the file was checked with the strides.
    private static func gather(
        _ base: UnsafeRawBufferPointer, from start: Int, _ tensor: StoredTensor, strides: [Int],
        into target: UnsafeMutableRawBufferPointer
    ) {
        let width = tensor.dataType.byteWidth
        var index = [Int](repeating: 0, count: tensor.shape.count)
        var source = start
        for element in 0..<tensor.byteCount / max(width, 1) {
            for byte in 0..<width { target[element * width + byte] = base[source + byte] }
            // As an odometer: the last dimension turns fastest.
            for dimension in index.indices.reversed() {
                index[dimension] += 1
                source += strides[dimension] * width
                if index[dimension] < tensor.shape[dimension] { break }
                source -= index[dimension] * strides[dimension] * width
                index[dimension] = 0
            }
        }
    }
}
