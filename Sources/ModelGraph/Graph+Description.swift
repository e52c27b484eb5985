extension Graph: CustomStringConvertible {
    /// The graph as text to read and to compare: an operation a line, with what it reads and what comes out.
    public var description: String {
        nodes.enumerated().map { id, node in
            var call = node.inputs.map { source in
                source.port == 0 ? "%\(source.node)" : "%\(source.node).\(source.port)"
            }
            call += node.attributes.map { "\($0.0): \($0.1)" }
            if let constant = node.constant { call.append(constant.bytes.description) }
            let results = node.outputs.map { output in
                let names =
                    output.names.isEmpty ? "" : " as " + output.names.joined(separator: ", ")
                return "\(output.scalarType)\(output.shape)\(names)"
            }
            let line = "%\(id) = \(node.type)(\(call.joined(separator: ", ")))"
            return ([line] + results).joined(separator: " → ") + "  // \(node.name)"
        }.joined(separator: "\n")
    }
}

extension ConstantBytes: CustomStringConvertible {
    public var description: String {
        switch self {
        case .inBlob(let offset, let byteCount): "bytes \(offset)..<\(offset &+ byteCount)"
        case .literal(let bytes): "\(bytes.count) bytes"
        case .produced(let byteCount, _): "\(byteCount) bytes when placed"
        }
    }
}
