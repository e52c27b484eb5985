/// A rewrite of a graph: the graph is changed in one respect, and computes what its pass says.
///
/// A pass finds what it changes by the graph: an operation by its type, a weight by the product that reads
/// it. Names are for people, and for what is kept beside a graph, such as ranges that were calibrated.
public protocol GraphPass {
    /// Changes the graph.
    ///
    /// - Throws: ``GraphError`` where operations do not fit, and the pass's own errors.
    func run(on graph: Graph) throws
}

extension Graph {
    /// Runs passes in their order. Behind each, what no output needs any more is dropped, and every
    /// operation stands behind those that it reads: nodes and values that were taken before are void.
    public func apply(_ passes: [any GraphPass]) throws {
        for pass in passes {
            try pass.run(on: self)
            sort()
        }
    }

    /// Keeps what inputs, outputs and states need, in the order in which it was added, but for what was added
    /// later to be read earlier.
    private func sort() {
        var order: [Int] = []
        var place = [Int?](repeating: nil, count: nodes.count)
        for root in needed.sorted() {
            var waiting = [(node: root, isReady: false)]
            while let (node, isReady) = waiting.popLast() {
                guard place[node] == nil else { continue }
                if isReady {
                    place[node] = order.count
                    order.append(node)
                } else {
                    waiting.append((node, true))
                    waiting += nodes[node].inputs.reversed().map { ($0.node, false) }
                }
            }
        }
        nodes = order.map { old in
            var node = nodes[old]
            for port in node.inputs.indices {
                node.inputs[port].node = place[node.inputs[port].node] ?? 0
            }
            return node
        }
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
