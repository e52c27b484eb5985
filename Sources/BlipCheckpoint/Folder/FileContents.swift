/// What one file of weights has, whatever its format.
struct FileContents {
    let tensors: [StoredTensor]
    var metadata: [String: String] = [:]

    init(_ bytes: ByteView, file: String) throws(CheckpointError) {
        switch try FileFormat.detect(bytes, file: file) {
        case .safetensors:
            let header = try SafetensorsHeader.parse(bytes, fileLength: bytes.count, file: file)
            metadata = header.metadata
            tensors = header.storedTensors
        case .torchArchive: tensors = try TorchArchive.read(bytes, file: file)
        case .torchLegacy: tensors = try TorchLegacyFile.read(bytes, file: file)
        }
    }
}
