/// One operation of a graph, as passes see it. It is void once ``Graph/apply(_:fileID:line:)`` goes on to the next pass.
package struct GraphNode: Hashable {
    /// The graph that it belongs to.
    package let graph: Graph
    let id: Int

    private var node: Node { graph.nodes[id] }

    /// The operation's type, as OpenVINO's operation sets name it: `MatMul`, `Const`, `Gather`.
    package var type: String { node.type }
    /// Its own name behind those of its scopes, such as `layer.3/MatMul_71`.
    package var name: String { node.name }
    /// Its name within its scopes; a constant's is its tensor's.
    package var ownName: String { node.ownName }
    /// Its constant; `nil` for all other operations.
    package var constant: Constant? { node.constant }

    /// What it reads.
    package var inputs: [Value] { node.inputs.map { graph.value($0) } }
    /// What it computes.
    package var outputs: [Value] {
        node.outputs.indices.map { graph.value(.init(node: id, port: $0)) }
    }

    /// Lets it read another value of the same type at one of its inputs: none that is computed from its own.
    ///
    /// - Throws: ``GraphError`` where it has no such input.
    package func setInput(
        _ index: Int, to value: Value, fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) {
        guard node.inputs.indices.contains(index) else {
            throw GraphError(
                "\(name) has \(node.inputs.count) inputs, and none at \(index)", fileID, line)
        }
        replaceInput(index, with: value)
    }

    /// - Parameter index: one of its inputs'.
    func replaceInput(_ index: Int, with value: Value) {
        graph.nodes[id].inputs[index] = .init(node: value.node, port: value.port)
    }

    package static func == (a: GraphNode, b: GraphNode) -> Bool {
        a.graph === b.graph && a.id == b.id
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension Graph {
    /// All operations, each behind those that it reads.
    package var operations: [GraphNode] { nodes.indices.map { GraphNode(graph: self, id: $0) } }

    /// Each input by its name, in the order in which they were added.
    public var inputs: [(name: String, value: Value)] {
        operations.filter { $0.type == "Parameter" }.flatMap { node in
            // Further names are those of outputs that put the input out.
            node.outputs.compactMap { value in value.names.first.map { ($0, value) } }
        }
    }

    /// Each output by its name, in the order in which they were added.
    public var outputs: [(name: String, value: Value)] {
        results.map { ($0.name, $0.value) }
    }

    /// A tensor may bear several names; a result is called after the one that it puts out.
    var results: [(node: GraphNode, name: String, value: Value)] {
        operations.filter { $0.type == "Result" }.compactMap { node in
            guard let value = node.inputs.first else { return nil }
            let called = "/" + node.name
            return value.names.first { called.hasSuffix("/" + Self.resultName($0)) }
                .map { (node, $0, value) }
        }
    }

    /// What is computed in a scope and read outside of it.
    package func values(leaving scope: String) -> [Value] {
        let isInside = { (node: Node) in node.scopes.first == scope }
        var leaving: Set<[Int]> = []
        for user in nodes where !isInside(user) && user.type != "Result" {
            for source in user.inputs where isInside(nodes[source.node]) {
                leaving.insert([source.node, source.port])
            }
        }
        return leaving.sorted { $0.lexicographicallyPrecedes($1) }
            .map { value(.init(node: $0[0], port: $0[1])) }
    }

    func value(_ source: Node.Source) -> Value {
        let output = nodes[source.node].outputs[source.port]
        return Value(
            graph: self, node: source.node, port: source.port, scalarType: output.scalarType,
            shape: output.shape)
    }

    static func resultName(_ output: String) -> String { output + "/result" }
}

extension Value {
    /// The operation that computes it.
    package var producer: GraphNode { GraphNode(graph: graph, id: node) }

    /// The names that it has as the graph's input or output.
    package var names: [String] { graph.nodes[node].outputs[port].names }

    /// What reads it, and at which of its inputs.
    package var uses: [(node: GraphNode, input: Int)] {
        let nodes = graph.nodes
        var uses: [(node: GraphNode, input: Int)] = []
        for id in nodes.indices {
            for (input, source) in nodes[id].inputs.enumerated()
            where source.node == node && source.port == port {
                uses.append((GraphNode(graph: graph, id: id), input))
            }
        }
        return uses
    }

    /// Lets all that reads this value read another one, but for what that one is computed by.
    ///
    /// As an output of the graph, this value hands on its names.
    package func replaceUses(with other: Value) {
        // As a conversion to the type that it has is.
        guard other != self else { return }
        let computing = graph.ancestors(of: [other.node])
        for (user, input) in uses where !computing.contains(user.id) {
            user.replaceInput(input, with: other)
        }
        guard producer.type != "Parameter" else { return }
        graph.nodes[other.node].outputs[other.port].names += names
        graph.nodes[node].outputs[port].names = []
    }
}
