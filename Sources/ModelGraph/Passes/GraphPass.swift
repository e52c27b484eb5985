/// A rewrite of a graph: the graph is changed in one respect, and computes what its pass says.
///
/// A pass finds what it changes by the graph: an operation by its type, a weight by the product that reads
/// it. Names are for people, and for what is kept beside a graph, such as ranges that were calibrated.
package protocol GraphPass {
    /// Changes the graph.
    ///
    /// - Throws: ``GraphError`` where operations do not fit, and the pass's own errors.
    func run(on graph: Graph) throws
}

extension Graph {
    /// Runs passes in their order. Behind each, what no output needs any more is dropped, and every
    /// operation stands behind those that it reads: nodes and values that were taken before are void.
    ///
    /// - Throws: the passes' errors, and ``GraphError`` where one of them made a ring.
    package func apply(
        _ passes: [any GraphPass], fileID: String = #fileID, line: Int = #line
    ) throws {
        for pass in passes {
            try pass.run(on: self)
            try sort(fileID, line)
        }
    }

    /// Keeps what inputs, outputs and states need, in the order in which it was added, but for what was added
    /// later to be read earlier.
    private func sort(_ fileID: String, _ line: Int) throws(GraphError) {
        var sorted: [Node] = []
        var place = [Int?](repeating: nil, count: nodes.count)
        var isSeen = [Bool](repeating: false, count: nodes.count)
        for root in needed.sorted() {
            var waiting = [(id: root, isReady: false)]
            while let (id, isReady) = waiting.popLast() {
                if isReady {
                    var node = nodes[id]
                    for port in node.inputs.indices {
                        // Seen before it, and still waiting for it.
                        guard let input = place[node.inputs[port].node] else {
                            throw GraphError(
                                "\(node.name) reads a value that is computed from its own; let its "
                                    + "input \(port) read another one", fileID, line)
                        }
                        node.inputs[port].node = input
                    }
                    place[id] = sorted.count
                    sorted.append(node)
                } else if !isSeen[id] {
                    isSeen[id] = true
                    waiting.append((id, true))
                    waiting += nodes[id].inputs.reversed().map { ($0.node, false) }
                }
            }
        }
        nodes = sorted
    }

    private var needed: Set<Int> {
        ancestors(of: nodes.indices.filter { nodes[$0].isKept })
    }

    /// Nodes and all that they are computed by.
    func ancestors(of start: [Int]) -> Set<Int> {
        var found: Set<Int> = []
        var waiting = start
        while let node = waiting.popLast() {
            if found.insert(node).inserted { waiting += nodes[node].inputs.map(\.node) }
        }
        return found
    }
}
