/// The named tensors of a pickle that `torch.save` wrote.
struct StateDictionary {
    /// Training scripts save more than the weights, and put them under one of these.
    static let wrappers = ["model", "state_dict", "model_state_dict", "module"]
    private static let maximumDepth = 8

    let tensors: [(name: String, tensor: PickleHeap.Tensor)]

    /// Finds the tensors. What is not a tensor (counters, options, other dictionaries) is skipped.
    init(_ pickle: Pickle, file: String) throws(CheckpointError) {
        let heap = pickle.heap
        guard var dictionary = heap.container(pickle.root, .dictionary) else {
            throw CheckpointError(
                .notACheckpoint, file: file,
                "holds \(pickle.root.kind) and not a dictionary of tensors",
                remedy: "save the model's state_dict() in it")
        }
        for _ in 0..<Self.maximumDepth {
            let inner = Self.wrappers.lazy.compactMap { wrapper in
                heap.value(wrapper, in: dictionary).flatMap { heap.container($0, .dictionary) }
            }
            guard let next = inner.first else { break }
            dictionary = next
        }
        var names: Set<String> = []
        var tensors: [(name: String, tensor: PickleHeap.Tensor)] = []
        for (name, value) in heap.pairs(of: dictionary) {
            guard let tensor = heap.tensor(value) else { continue }
            guard names.insert(name).inserted else {
                throw CheckpointError(
                    .duplicateName, file: file, "its pickle has \"\(name.quotable)\" twice",
                    remedy: Remedy.save)
            }
            tensors.append((name, tensor))
        }
        guard !tensors.isEmpty else {
            throw CheckpointError(
                .notACheckpoint, file: file,
                "has no tensors at its top, nor under \(Self.wrappers.joined(separator: ", "))",
                remedy: "save the model's state_dict() in it")
        }
        self.tensors = tensors
    }
}
