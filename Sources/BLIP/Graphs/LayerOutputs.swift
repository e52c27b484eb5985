import Foundation

/// Outputs that a vision graph is given beside its own: the states after each of its layers.
///
/// Operations are named after their layer, and a layer's result is its last operation.
struct LayerOutputs: GraphAddition {
    let layerCount: Int

    /// The IR with an output `hidden_states.N` for each layer.
    ///
    /// - Throws: ``BlipError`` where the text is no vision graph of so many layers.
    func adding(to ir: String) throws(BlipError) -> String {
        var edited = EditedIR(ir)
        let found = Self.results(of: edited.lines)
        for layer in 0..<layerCount {
            guard let result = found[layer] else { throw Self.notNamed(layerCount) }
            let name = PortName.hiddenState(layer)
            edited.lines[result.line].replace(
                "<port id=\"\(result.port)\"",
                with: "<port id=\"\(result.port)\" names=\"\(name)\"",
                maxReplacements: 1)
            edited.add(
                "Result", "opset1", name: "\(name)/result", inputs: [(result.id, result.port)],
                hasOutput: false)
        }
        guard let text = edited.text() else { throw Self.notNamed(layerCount) }
        return text
    }

    private static func notNamed(_ layerCount: Int) -> BlipError {
        BlipError(
            .invalidConfiguration,
            "The vision graph does not name its \(layerCount) layers; convert the checkpoint again "
                + "with this program")
    }

    /// An operation's output.
    private struct Result {
        let id: String
        let port: String
        /// Where the IR lists the port.
        let line: Int
    }

    /// The output of each layer's last operation.
    private static func results(of lines: [String]) -> [Int: Result] {
        var results: [Int: Result] = [:]
        var operation: (id: String, layer: Int)?
        var isInOutput = false
        for (index, line) in lines.enumerated() {
            if let id = EditedIR.attribute("<layer id", of: line) {
                let scope = EditedIR.attribute(" name", of: line)?.split(separator: "/").first ?? ""
                operation =
                    scope.hasPrefix("layer.")
                    ? Int(scope.dropFirst("layer.".count)).map { (id, $0) } : nil
            }
            if line == "<output>" || line == "</output>" { isInOutput = line == "<output>" }
            if isInOutput, let operation, let port = EditedIR.attribute("<port id", of: line) {
                results[operation.layer] = Result(id: operation.id, port: port, line: index)
            }
        }
        return results
    }
}
