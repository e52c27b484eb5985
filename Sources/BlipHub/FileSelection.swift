/// Which of a repository's files a model needs.
enum FileSelection {
    static let configuration = "config.json"

    private static let companions: Set = [
        "generation_config.json", "preprocessor_config.json", "processor_config.json",
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "vocab.txt",
    ]

    /// Weights in one format only, and the files beside them: no TensorFlow, Flax or ONNX.
    ///
    /// - Returns: small files first, and of those the configuration: what is wrong shows before
    ///   gigabytes are fetched. Nothing where there are no weights, or no configuration.
    static func needed(of files: [String]) -> [String] {
        let weights = weights(files)
        guard !weights.isEmpty, files.contains(configuration) else { return [] }
        return [configuration] + files.filter(companions.contains).sorted() + weights
    }

    /// The most bytes that a file of a name can sensibly have: what is beside the weights is read whole.
    static func largestSize(of file: String) -> Int {
        file == configuration || companions.contains(file) ? 64 << 20 : .max
    }

    /// Whether the files are a whole model: its configuration, and weights with all their shards.
    static func isWhole(_ files: [String]) -> Bool {
        let weights = weights(files)
        guard files.contains(configuration), let last = weights.last else { return false }
        // model-00001-of-00003.safetensors: the index stands before as many shards.
        guard let count = last.firstMatch(of: /-of-(\d+)\./).flatMap({ Int($0.1) }) else {
            return true
        }
        return weights.count == count + 1
    }

    private static func weights(_ files: [String]) -> [String] {
        for (whole, stem, ending) in [
            ("model.safetensors", "model-", ".safetensors"),
            ("pytorch_model.bin", "pytorch_model-", ".bin"),
        ] {
            if files.contains(whole) { return [whole] }
            let index = "\(whole).index.json"
            let shards = files.filter {
                $0.hasPrefix(stem) && $0.hasSuffix(ending) && $0.contains("-of-")
            }
            if files.contains(index), !shards.isEmpty { return [index] + shards.sorted() }
        }
        return []
    }
}
