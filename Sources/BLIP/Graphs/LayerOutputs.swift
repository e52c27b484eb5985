import Foundation

/// Outputs that a vision graph is given beside its own: the states after each of its layers.
///
/// OpenVINO's C API cannot add outputs to a model that was read, so they are added to the IR's
/// text, which for checkpoints and converted folders alike comes from this package: a line an
/// element, operations named after their layer, a layer's result its last operation.
struct LayerOutputs {
    let layerCount: Int

    /// The IR with an output `hidden_states.N` for each layer.
    ///
    /// - Throws: ``BlipError`` where the text is no vision graph of so many layers.
    func adding(to ir: String) throws(BlipError) -> String {
        var lines = ir.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let found = Self.results(of: lines)
        guard let layersEnd = lines.firstIndex(of: "</layers>"),
            let edgesEnd = lines.firstIndex(of: "</edges>"), layersEnd < edgesEnd,
            Set(found.keys).isSuperset(of: 0..<layerCount)
        else {
            throw BlipError(
                .invalidConfiguration,
                "The vision graph does not name its \(layerCount) layers; convert the checkpoint "
                    + "again with this program")
        }
        let firstID =
            (lines.compactMap { Self.attribute("<layer id", of: $0) }.compactMap(Int.init)
                .max() ?? 0) + 1
        var layers = ""
        var edges = ""
        for layer in 0..<layerCount {
            guard let result = found[layer] else { continue }
            let name = PortName.hiddenState(layer)
            lines[result.line].replace(
                "<port id=\"\(result.port)\"",
                with: "<port id=\"\(result.port)\" names=\"\(name)\"",
                maxReplacements: 1)
            layers += "<layer id=\"\(firstID + layer)\" name=\"\(name)/result\" type=\"Result\" "
            layers += "version=\"opset1\">\n<input>\n<port id=\"0\"/>\n</input>\n</layer>\n"
            edges += "<edge from-layer=\"\(result.id)\" from-port=\"\(result.port)\" "
            edges += "to-layer=\"\(firstID + layer)\" to-port=\"0\"/>\n"
        }
        lines[layersEnd] = layers + lines[layersEnd]
        lines[edgesEnd] = edges + lines[edgesEnd]
        return lines.joined(separator: "\n")
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
            if let id = attribute("<layer id", of: line) {
                let scope = attribute(" name", of: line)?.split(separator: "/").first ?? ""
                operation =
                    scope.hasPrefix("layer.")
                    ? Int(scope.dropFirst("layer.".count)).map { (id, $0) } : nil
            }
            if line == "<output>" || line == "</output>" { isInOutput = line == "<output>" }
            if isInOutput, let operation, let port = attribute("<port id", of: line) {
                results[operation.layer] = Result(id: operation.id, port: port, line: index)
            }
        }
        return results
    }

    /// The value after `name="`.
    private static func attribute(_ name: String, of line: String) -> String? {
        guard let start = line.range(of: name + "=\"")?.upperBound,
            let end = line[start...].firstIndex(of: "\"")
        else { return nil }
        return String(line[start..<end])
    }
}
