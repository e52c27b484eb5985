internal import BlipJSON

/// Collects what a safetensors header says, and checks that its tensors tile their bytes.
struct SafetensorsHeaderBuilder {
    private typealias Reader = JSONReader<CheckpointError>

    let file: String
    private(set) var metadata: [String: String] = [:]
    private var tensors: [SafetensorsHeader.Tensor] = []

    init(file: String) {
        self.file = file
    }

    mutating func read(_ text: ByteView) throws(CheckpointError) {
        var reader = text.jsonReader(file: file, subject: "the header")
        // The format allows no white space before.
        guard text[0] == UInt8(ascii: "{") else { throw reader.error("no \"{\"") }
        try reader.object { (name, reader) throws(CheckpointError) in
            if name == "__metadata__" {
                try readMetadata(&reader)
            } else {
                tensors.append(try readTensor(name, &reader))
            }
        }
        try reader.end()
    }

    private mutating func readMetadata(_ reader: inout Reader) throws(CheckpointError) {
        try reader.object { (name, reader) throws(CheckpointError) in
            metadata[name] = try reader.string()
        }
    }

    private func readTensor(
        _ name: String, _ reader: inout Reader
    ) throws(CheckpointError) -> SafetensorsHeader.Tensor {
        var dataType: DataType?
        var shape: [Int]?
        var offsets: [Int]?
        try reader.object { (field, reader) throws(CheckpointError) in
            switch field {
            case "dtype": dataType = try readDataType(of: name, &reader)
            case "shape": shape = try readIntegers(&reader)
            case "data_offsets": offsets = try readIntegers(&reader)
            default: try reader.skipValue()
            }
        }
        guard let dataType else { throw missing("dtype", of: name) }
        guard let shape else { throw missing("shape", of: name) }
        guard let offsets else { throw missing("data_offsets", of: name) }
        guard offsets.count == 2, let begin = offsets.first, let end = offsets.last else {
            throw CheckpointError(
                .invalidJSON, file: file,
                "the tensor \"\(name.quotable)\" has \(offsets.count) data_offsets, not 2")
        }
        return .init(name: name, dataType: dataType, shape: shape, begin: begin, end: end)
    }

    private func readDataType(
        of name: String, _ reader: inout Reader
    ) throws(CheckpointError) -> DataType {
        let text = try reader.string()
        guard let type = DataType(safetensorsName: text) else {
            throw CheckpointError(
                .unknownDataType, file: file,
                "the tensor \"\(name.quotable)\" has the unknown data type \"\(text.quotable)\"",
                remedy: "save it as F32, F16 or BF16")
        }
        return type
    }

    private func readIntegers(_ reader: inout Reader) throws(CheckpointError) -> [Int] {
        var integers: [Int] = []
        try reader.array { (reader) throws(CheckpointError) in
            integers.append(try reader.integer())
        }
        return integers
    }

    private func missing(_ field: String, of name: String) -> CheckpointError {
        CheckpointError(
            .missingField, file: file, "the tensor \"\(name.quotable)\" has no \(field)")
    }
}

extension SafetensorsHeaderBuilder {
    /// The tensors by offset, once each has as many bytes as its shape needs, and together they
    /// cover the data without gap or overlap.
    func orderedTensors(
        dataLength: Int
    ) throws(CheckpointError) -> [SafetensorsHeader.Tensor] {
        let ordered = tensors.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
        var end = 0
        for tensor in ordered {
            try check(tensor, after: end)
            end = tensor.end
        }
        if end > dataLength {
            throw CheckpointError(
                .truncated, file: file,
                "its tensors need \(end.grouped) bytes but the file has only \(dataLength.grouped)"
                    + " after the header")
        }
        if end < dataLength {
            throw CheckpointError(
                .trailingBytes, file: file,
                "its tensors need \(end.grouped) bytes but the file has \(dataLength.grouped)"
                    + " after the header")
        }
        return ordered
    }

    private func check(
        _ tensor: SafetensorsHeader.Tensor, after end: Int
    ) throws(CheckpointError) {
        // Made for messages only: a header may have a million tensors.
        var subject: String {
            let range = "\(tensor.begin.grouped) to \(tensor.end.grouped)"
            return "the tensor \"\(tensor.name.quotable)\" (bytes \(range))"
        }
        if tensor.end < tensor.begin {
            throw CheckpointError(.offsetsReversed, file: file, "\(subject) ends before it begins")
        }
        if tensor.begin < end {
            throw CheckpointError(
                .offsetsOverlap, file: file,
                "\(subject) overlaps the tensor before it, which ends at \(end.grouped)")
        }
        if tensor.begin > end {
            throw CheckpointError(
                .offsetsGap, file: file,
                "\(subject) leaves a gap after the tensor before it, which ends at \(end.grouped)")
        }
        guard let byteCount = tensor.dataType.byteCount(shape: tensor.shape) else {
            throw CheckpointError(
                .shapeOverflow, file: file,
                "\(subject) has a shape whose size in \(tensor.dataType) cannot be counted")
        }
        guard byteCount == tensor.end - tensor.begin else {
            throw CheckpointError(
                .sizeMismatch, file: file,
                "\(subject) needs \(byteCount.grouped) bytes for its shape and data type")
        }
    }
}
