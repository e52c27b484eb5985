/// The header of a safetensors file, checked as the format's reference implementation checks it
/// (safetensors, `safetensors/src/tensor.rs`).
///
/// A file is eight bytes with the header's length (little-endian), the header (a JSON object from
/// tensor names to data type, shape and offsets), and the tensors' bytes without gaps.
struct SafetensorsHeader {
    struct Tensor {
        let name: String
        let dataType: DataType
        let shape: [Int]
        /// First byte and byte after the last, counted from the end of the header.
        let begin: Int
        let end: Int
    }

    /// The format's bound on the header, in bytes.
    static let maximumLength = 100_000_000

    /// The tensors in the order of their bytes.
    let tensors: [Tensor]
    /// What `__metadata__` says.
    let metadata: [String: String]
    /// Where the tensors' bytes begin in the file.
    let dataOffset: Int

    /// Reads and checks the header.
    ///
    /// - Parameters:
    ///   - bytes: The file, or as much of its beginning as has the header.
    ///   - fileLength: The length of the whole file in bytes.
    static func parse(
        _ bytes: ByteView, fileLength: Int, file: String
    ) throws(CheckpointError) -> Self {
        guard let length: UInt64 = bytes.integer(at: 0) else {
            throw CheckpointError(
                .fileTooShort, file: file,
                "has only \(bytes.count.grouped) bytes, too few for a safetensors file")
        }
        guard let count = Int(exactly: length), count <= fileLength - 8 else {
            throw CheckpointError(
                .headerPastEnd, file: file,
                "the header says it is \(length.grouped) bytes long but the file has "
                    + fileLength.grouped)
        }
        guard count <= maximumLength else {
            throw CheckpointError(
                .headerTooLarge, file: file,
                "the header says it is \(length.grouped) bytes long but the format allows "
                    + maximumLength.grouped)
        }
        guard let text = bytes.slice(at: 8, count: count) else {
            throw CheckpointError(
                .headerPastEnd, file: file,
                "the header says it is \(length.grouped) bytes long but only "
                    + "\(bytes.count.grouped) are here")
        }
        var builder = SafetensorsHeaderBuilder(file: file)
        try builder.read(text)
        let tensors = try builder.orderedTensors(dataLength: fileLength - 8 - count)
        return Self(tensors: tensors, metadata: builder.metadata, dataOffset: 8 + count)
    }
}

extension SafetensorsHeader {
    /// The tensors by their place in the file.
    var storedTensors: [StoredTensor] {
        tensors.map { tensor in
            StoredTensor(
                name: tensor.name, dataType: tensor.dataType, shape: tensor.shape, strides: nil,
                offset: dataOffset + tensor.begin, byteCount: tensor.end - tensor.begin)
        }
    }
}
