extension Graph {
    /// The graph as OpenVINO's IR, version 11.
    ///
    /// - Parameter place: tells where in the weights blob a constant's bytes lie, putting them
    ///   there first if they are not; called once a constant, in the order they were added.
    /// - Returns: the text of the `.xml` file.
    /// - Throws: what `place` throws.
    package func ir(placing place: (Constant) throws -> Int) rethrows -> String {
        var layers = ""
        var edges = ""
        for (id, node) in nodes.enumerated() {
            layers += try layer(id, node, place)
            for (port, source) in node.inputs.enumerated() {
                let fromPort = nodes[source.node].inputs.count + source.port
                edges += "<edge from-layer=\"\(source.node)\" from-port=\"\(fromPort)\" "
                edges += "to-layer=\"\(id)\" to-port=\"\(port)\"/>\n"
            }
        }
        return """
            <?xml version="1.0"?>
            <net name="\(XMLEscape.escaped(name))" version="11">
            <layers>
            \(layers)</layers>
            <edges>
            \(edges)</edges>
            <rt_info/>
            </net>

            """
    }

    private func layer(
        _ id: Int, _ node: Node, _ place: (Constant) throws -> Int
    ) rethrows -> String {
        var attributes = node.attributes
        if let constant = node.constant {
            let sizes = constant.shape.dimensions.map(\.description)
            attributes = [
                ("element_type", constant.scalarType.name),
                ("shape", sizes.joined(separator: ", ")),
                ("offset", String(try place(constant))),
                ("size", String(constant.bytes.byteCount)),
            ]
        }
        var text = "<layer id=\"\(id)\" name=\"\(XMLEscape.escaped(node.name))\" "
        text += "type=\"\(XMLEscape.escaped(node.type))\" "
        text += "version=\"\(XMLEscape.escaped(node.opset))\">\n"
        if !attributes.isEmpty {
            let pairs = attributes.map { "\($0.0)=\"\(XMLEscape.escaped($0.1))\"" }
            text += "<data \(pairs.joined(separator: " "))/>\n"
        }
        if node.isDecompression {
            text += "<rt_info><attribute name=\"decompression\" version=\"0\"/></rt_info>\n"
        }
        if !node.inputs.isEmpty {
            text += "<input>\n"
            for (port, source) in node.inputs.enumerated() {
                text += portText(port, nodes[source.node].outputs[source.port], names: [])
            }
            text += "</input>\n"
        }
        if !node.outputs.isEmpty {
            text += "<output>\n"
            for (port, output) in node.outputs.enumerated() {
                text += portText(node.inputs.count + port, output, names: output.names)
            }
            text += "</output>\n"
        }
        return text + "</layer>\n"
    }

    private func portText(_ id: Int, _ output: Node.Output, names: [String]) -> String {
        var text = "<port id=\"\(id)\" precision=\"\(output.scalarType.precisionName)\""
        if !names.isEmpty {
            text += " names=\"\(XMLEscape.escaped(names.joined(separator: ",")))\""
        }
        text += ">"
        for dimension in output.shape.dimensions {
            text += "<dim>\(dimension.size ?? -1)</dim>"
        }
        return text + "</port>\n"
    }
}
