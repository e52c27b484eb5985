import BlipCheckpoint

/// Puts an adapter's tensors in the place of a model's, as peft's `merge_and_unload` does.
struct AdapterMerge {
    let checkpoint: Checkpoint
    let configuration: AdapterConfiguration

    /// - Parameters:
    ///   - updates: the factors of each module.
    ///   - source: the model's tensors, of which the updated ones become others.
    /// - Throws: ``BlipError`` for updates that do not belong to the model.
    func merge(
        _ updates: [String: AdaptedTensors.Factors], into source: inout TensorSource
    ) throws {
        try configuration.check()
        try configuration.checkPatterns(for: updates.values.map(\.module))
        for (module, factors) in updates.sorted(by: { $0.key < $1.key }) {
            guard let first = factors.first, let second = factors.second,
                let rank = first.shape.first
            else {
                throw BlipError(
                    .missingTensor,
                    "The adapter has only one of the two factors of \(module.quotable); its file is incomplete"
                )
            }
            let scale = try configuration.scale(of: factors.module, rank: rank)
            try update("\(module).weight", of: &source) { weight, entry in
                guard
                    let update = try lowRank(
                        first, second, entry.shape, isTable: factors.isTable, scale)
                else { throw mismatch(module) }
                update.add(to: &weight)
            }
            if let bias = factors.bias {
                let shift = try checkpoint.floats(of: bias)
                try update("\(module).bias", of: &source) { values, _ in
                    guard values.count == shift.count else { throw mismatch(module) }
                    for (index, shift) in shift.enumerated() { values[index] += scale * shift }
                }
            }
            source.merged.append("\(module) \(scale)")
        }
    }

    /// The tensors that share a weight are one parameter in transformers, and change together.
    private func update(
        _ name: String, of source: inout TensorSource,
        _ change: (inout [Float], TensorEntry) throws -> Void
    ) throws {
        let names = source.tiedNames(name)
        guard !names.isEmpty else {
            throw BlipError(
                .missingTensor,
                "The adapter changes \"\(name.quotable)\", which the model does not have; it is another model's"
            )
        }
        // By where they lay: what was one in the file stays one.
        var changed: [Int: TensorEntry] = [:]
        for name in names {
            guard let entry = source.tensors[name] else { continue }
            if changed[entry.offset] == nil {
                var values = try checkpoint.floats(of: entry)
                try change(&values, entry)
                changed[entry.offset] = try checkpoint.replacing(entry, with: values)
            }
            source.tensors[name] = changed[entry.offset]
        }
    }

    private func lowRank(
        _ first: TensorEntry, _ second: TensorEntry, _ shape: [Int], isTable: Bool, _ scale: Float
    ) throws -> LowRankUpdate? {
        guard let rank = first.shape.first, let rows = shape.first, rows > 0 else { return nil }
        let columns = shape.dropFirst().reduce(1, *)
        let (a, b) = (try checkpoint.floats(of: first), try checkpoint.floats(of: second))
        guard isTable else {
            return LowRankUpdate(
                left: b, right: a, rows: rows, rank: rank, columns: columns, scale: scale)
        }
        return LowRankUpdate(
            left: a.transposed(columns: rows), right: b.transposed(columns: rank), rows: rows,
            rank: rank, columns: columns, scale: scale)
    }

    private func mismatch(_ module: String) -> BlipError {
        BlipError(
            .wrongTensor,
            "The adapter's factors of \(module.quotable) have other sizes than the model's weight; it is another "
                + "model's")
    }
}
