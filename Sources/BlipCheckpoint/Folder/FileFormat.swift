/// What a file of weights turns out to be, told by its first bytes: the name `pytorch_model.bin`
/// stands for two formats, and a failed download for none.
enum FileFormat {
    case safetensors
    case torchArchive
    case torchLegacy

    static func detect(_ bytes: ByteView, file: String) throws(CheckpointError) -> Self {
        // First, since a header's length can be any of the other formats' first bytes.
        if bytes[8] == UInt8(ascii: "{") { return .safetensors }
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return .torchArchive }
        if bytes[0] == 0x80, let version = bytes[1], (2...5).contains(version) {
            return .torchLegacy
        }
        if bytes.starts(with: "version https://git-lfs".utf8) {
            throw CheckpointError(
                .notACheckpoint, file: file, "is a Git LFS pointer and not the weights themselves",
                remedy: "fetch them with `git lfs pull`")
        }
        if bytes.starts(with: "<".utf8), file.hasSuffix(".xml") {
            throw CheckpointError(
                .notACheckpoint, file: file, "is one graph of a converted model",
                remedy: "give the folder that it lies in")
        }
        if bytes.starts(with: "<".utf8) {
            throw CheckpointError(
                .notACheckpoint, file: file, "is a web page and not a file of weights")
        }
        if file.hasSuffix(".safetensors") { return .safetensors }
        throw CheckpointError(
            .notACheckpoint, file: file,
            "is in no format that is known here (safetensors, or a dictionary by torch.save)",
            remedy: "save its weights in one of these")
    }
}
