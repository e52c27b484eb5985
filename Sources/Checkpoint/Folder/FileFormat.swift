/// What a file of weights turns out to be, told by its first bytes: the name `pytorch_model.bin`
/// stands for two formats, and a failed download for none.
enum FileFormat {
    case safetensors

    static func detect(_ bytes: ByteView, file: String) throws(CheckpointError) -> Self {
        if bytes.starts(with: "version https://git-lfs".utf8) {
            throw CheckpointError(
                .notACheckpoint, file: file, "is a Git LFS pointer and not the weights themselves",
                remedy: "fetch them with `git lfs pull`")
        }
        if bytes.starts(with: "<".utf8) {
            throw CheckpointError(
                .notACheckpoint, file: file, "is a web page and not a file of weights")
        }
        return .safetensors
    }
}
