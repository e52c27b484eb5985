extension Graph {
    /// Gives inputs and outputs another element type, and converts at the graph's edge.
    ///
    /// - Parameter type: the new type of the port of a name; `nil` for ports that stay as they are.
    package func convertPorts(to type: (String) -> ScalarType?) {
        for (name, input) in inputs {
            guard let type = type(name), type != input.scalarType else { continue }
            nodes[input.node].retype(port: input.port, as: type)
            let retyped = value(.init(node: input.node, port: input.port))
            let converted = retyped.converted(to: input.scalarType)
            input.replaceUses(with: converted)
            // An input that is put out too is put out as before.
            nodes[converted.node].outputs[converted.port].names = input.names.filter { $0 != name }
            nodes[input.node].outputs[input.port].names = [name]
        }
        for (result, name, output) in results {
            guard let type = type(name), type != output.scalarType else { continue }
            let converted = output.converted(to: type)
            nodes[output.node].outputs[output.port].names.removeAll { $0 == name }
            nodes[converted.node].outputs[converted.port].names = [name]
            result.replaceInput(0, with: converted)
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
