extension Graph {
    /// Gives inputs and outputs another element type, and converts at the graph's edge.
    ///
    /// - Parameter type: the new type of the port of a name; `nil` for ports that stay as they are.
    public func convertPorts(to type: (String) -> ScalarType?) {
        for (name, input) in inputs {
            guard let type = type(name), type != input.scalarType else { continue }
            nodes[input.node].retype(port: input.port, as: type)
            let retyped = value(.init(node: input.node, port: input.port))
            input.replaceUses(with: retyped.converted(to: input.scalarType))
        }
        for (result, name, output) in results {
            guard let type = type(name), type != output.scalarType else { continue }
            let converted = output.converted(to: type)
            nodes[output.node].outputs[output.port].names.removeAll { $0 == name }
            nodes[converted.node].outputs[converted.port].names = [name]
            result.setInput(0, to: converted)
        }
    }
}

extension Node {
    fileprivate mutating func retype(port: Int, as type: ScalarType) {
        outputs[port].scalarType = type
        for index in attributes.indices where attributes[index].0 == "element_type" {
            attributes[index].1 = type.name
        }
    }
}
