/// Something that a graph is given beside its own operations before OpenVINO reads it.
///
/// OpenVINO's C API cannot add to a model that was read, so it is added to the IR's text, which for
/// checkpoints and converted folders alike comes from this package: a line an element.
protocol GraphAddition: Sendable {
    /// The IR with the addition.
    ///
    /// - Throws: ``BlipError`` where the text is no graph of the kind that it can be added to.
    func adding(to ir: String) throws(BlipError) -> String
}

/// The lines of an IR that is added to.
struct EditedIR {
    var lines: [String]
    private var layers = ""
    private var edges = ""
    private var nextID: Int

    init(_ ir: String) {
        lines = ir.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // Few of many lines begin an operation, and this is done whenever a program starts.
        let ids = lines.lazy.filter { $0.hasPrefix("<layer ") }
            .compactMap { Self.attribute("<layer id", of: $0) }.compactMap(Int.init)
        nextID = (ids.max() ?? -1) + 1
    }

    /// Adds an operation.
    ///
    /// - Parameters:
    ///   - inputs: where each comes from: an operation's id and output port.
    ///   - hasOutput: whether it has an output, an f32 one, whose port is numbered after its inputs'.
    /// - Returns: its id.
    @discardableResult
    mutating func add(
        _ type: String, _ opset: String, name: String, data: String = "",
        inputs: [(id: String, port: String)], hasOutput: Bool = true
    ) -> String {
        let id = String(nextID)
        nextID += 1
        layers += "<layer id=\"\(id)\" name=\"\(name)\" type=\"\(type)\" version=\"\(opset)\">\n"
        if !data.isEmpty { layers += "<data \(data)/>\n" }
        if !inputs.isEmpty {
            layers += "<input>\n"
            for port in inputs.indices { layers += "<port id=\"\(port)\"/>\n" }
            layers += "</input>\n"
        }
        if hasOutput {
            layers += "<output>\n<port id=\"\(inputs.count)\" precision=\"FP32\"/>\n</output>\n"
        }
        layers += "</layer>\n"
        for (port, input) in inputs.enumerated() {
            edges += "<edge from-layer=\"\(input.id)\" from-port=\"\(input.port)\" "
            edges += "to-layer=\"\(id)\" to-port=\"\(port)\"/>\n"
        }
        return id
    }

    /// The text; `nil` where it was no IR.
    func text() -> String? {
        guard let layersEnd = lines.firstIndex(of: "</layers>"),
            let edgesEnd = lines.firstIndex(of: "</edges>"), layersEnd < edgesEnd
        else { return nil }
        var lines = lines
        lines[layersEnd] = layers + lines[layersEnd]
        lines[edgesEnd] = edges + lines[edgesEnd]
        return lines.joined(separator: "\n")
    }

    /// The value after `name="`.
    static func attribute(_ name: String, of line: String) -> String? {
        guard let start = line.range(of: name + "=\"")?.upperBound,
            let end = line[start...].firstIndex(of: "\"")
        else { return nil }
        return String(line[start..<end])
    }
}
