extension Checkpoint {
    /// Calls `body` with the bytes of a tensor where they lie, uncopied.
    ///
    /// The pointer is valid until `body` returns; to keep it longer, keep ``region`` and use
    /// ``TensorEntry/offset``.
    ///
    /// - Throws: ``CheckpointError`` with the code `unknownTensor`, or what `body` throws.
    package func withBytes<Result>(
        of name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let entry = try tensor(name)
        return try withExtendedLifetime(region) { try body(bytes(of: entry)) }
    }

    /// The elements of a floating-point tensor (F64, F32, F16 or BF16) as `Float`, in row-major
    /// order. F64 is rounded to the nearest.
    ///
    /// - Throws: ``CheckpointError`` with the code `unknownTensor` or `unsupportedDataType`.
    package func floats(_ name: String) throws(CheckpointError) -> [Float] {
        try floats(of: tensor(name))
    }

    /// The elements of a floating-point tensor of this checkpoint, or of a file that was opened beside it.
    ///
    /// - Throws: ``CheckpointError`` with the code `unsupportedDataType`.
    package func floats(of entry: TensorEntry) throws(CheckpointError) -> [Float] {
        let values = withExtendedLifetime(region) {
            FloatConversion.floats(bytes(of: entry), entry.dataType)
        }
        guard let values else {
            throw CheckpointError(
                .unsupportedDataType, file: location.lastPathComponent,
                "the tensor \"\(entry.name.quotable)\" has the data type \(entry.dataType), which cannot"
                    + " be read as floating-point numbers",
                remedy: "use a checkpoint saved as F32, F16 or BF16")
        }
        return values
    }

    /// Keeps values in the region behind the files, in the place of a tensor's own.
    ///
    /// - Parameters:
    ///   - values: As many as the tensor has elements.
    ///   - shape: Where it has another number of elements now; `nil` for the tensor's own.
    /// - Returns: The tensor with them, as F32.
    /// - Throws: ``CheckpointError`` with the code `arenaFull`.
    package func replacing(
        _ entry: TensorEntry, with values: [Float], shape: [Int]? = nil
    ) throws(CheckpointError) -> TensorEntry {
        let byteCount = values.count * MemoryLayout<Float>.size
        let offset = try region.append(byteCount: byteCount) { target in
            values.withUnsafeBytes { target.copyMemory(from: $0) }
        }
        return TensorEntry(
            name: entry.name, dataType: .f32, shape: shape ?? entry.shape, offset: offset,
            byteCount: byteCount)
    }

    /// Entries are made only by this library, and only inside the region: see `TensorCollector`.
    private func bytes(of entry: TensorEntry) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            rebasing: region.base[entry.offset..<entry.offset + entry.byteCount])
    }
}
