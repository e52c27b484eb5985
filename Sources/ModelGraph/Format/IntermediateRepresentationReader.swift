extension Graph {
    /// Reads an IR that ``ir(placing:)`` or ``write(to:named:blob:)`` wrote.
    ///
    /// Its constants are ``ConstantBytes/inBlob(offset:byteCount:)``. Sizes that are only known when the
    /// model runs have lost their names.
    ///
    /// - Parameter ir: the text of the `.xml` file.
    /// - Throws: ``GraphError`` for what is no such text.
    package convenience init(reading ir: String) throws(GraphError) {
        var reader = IntermediateRepresentationReader(ir)
        try reader.read()
        self.init(name: reader.name)
        nodes = try reader.nodes()
    }
}

/// Collects operations and edges from an IR's elements.
private struct IntermediateRepresentationReader {
    private struct Layer {
        let id: Int
        let line: Int
        let attributes: [String: String]
        var settings: [(String, String)] = []
        var isDecompression = false
        var inputCount = 0
        var outputs: [Node.Output] = []
    }
    private struct Edge {
        let from: (layer: Int, port: Int)
        let to: (layer: Int, port: Int)
        let line: Int
    }

    private var scanner: ElementScanner
    private(set) var name = ""
    private var layers: [Layer] = []
    private var edges: [Edge] = []

    init(_ ir: String) { scanner = ElementScanner(ir) }

    mutating func read() throws(GraphError) {
        // Elements that are open, outermost first.
        var open: [String] = []
        var port: (type: ScalarType, names: [String], dimensions: [Shape.Dimension])?
        while let event = try scanner.next() {
            switch event {
            case .start(let element, let attributes):
                open.append(element)
                if open.count > 16 { throw mistake("elements lie too deep") }
                if element == "port", open.contains("output") {
                    port = try outputPort(named(attributes))
                } else {
                    try start(element, attributes)
                }
            case .text(let text):
                guard open.last == "dim", let size = Int(text) else { throw mistake("\"\(text)\"") }
                port?.dimensions.append(size < 0 ? .named("?") : .fixed(size))
            case .end(let element):
                guard open.popLast() == element else { throw mistake("</\(element)>") }
                if element == "port", let (type, names, dimensions) = port, !layers.isEmpty {
                    layers[layers.count - 1].outputs.append(
                        .init(scalarType: type, shape: Shape(dimensions), names: names))
                    port = nil
                }
            }
        }
        guard open.isEmpty, !layers.isEmpty else { throw mistake("it is cut off, or no IR") }
    }

    private mutating func start(
        _ element: String, _ attributes: [(name: String, value: String)]
    ) throws(GraphError) {
        let values = named(attributes)
        switch element {
        case "net": name = values["name"] ?? ""
        case "layer":
            layers.append(
                Layer(id: try number("id", values), line: scanner.line, attributes: values))
        case "edge":
            edges.append(
                Edge(
                    from: (try number("from-layer", values), try number("from-port", values)),
                    to: (try number("to-layer", values), try number("to-port", values)),
                    line: scanner.line))
        case "data", "attribute", "port":
            guard let last = layers.indices.last else { throw mistake("<\(element)>") }
            switch element {
            case "data": layers[last].settings = attributes.map { ($0.name, $0.value) }
            case "port": layers[last].inputCount += 1
            default: layers[last].isDecompression = values["name"] == "decompression"
            }
        case "layers", "edges", "input", "output", "dim", "rt_info": break
        default: throw mistake("<\(element)> is unknown")
        }
    }

    private func outputPort(
        _ values: [String: String]
    ) throws(GraphError) -> (ScalarType, [String], [Shape.Dimension]) {
        guard let type = ScalarType((values["precision"] ?? "")[...]) else {
            throw mistake("a port of the type \"\(values["precision"] ?? "")\"")
        }
        return (type, values["names"]?.split(separator: ",").map(String.init) ?? [], [])
    }

    /// The operations, with what they read.
    func nodes() throws(GraphError) -> [Node] {
        var places: [Int: Int] = [:]
        for (place, layer) in layers.enumerated() {
            guard places.updateValue(place, forKey: layer.id) == nil else {
                throw mistake("two operations have the number \(layer.id)", layer.line)
            }
        }
        var sources = layers.map { [Node.Source?](repeating: nil, count: $0.inputCount) }
        for edge in edges {
            // What is read stands before: so there is no ring.
            guard let from = places[edge.from.layer], let to = places[edge.to.layer], from < to,
                layers[from].outputs.indices.contains(edge.from.port - layers[from].inputCount),
                sources[to].indices.contains(edge.to.port)
            else { throw mistake("an edge leads nowhere", edge.line) }
            sources[to][edge.to.port] = .init(
                node: from, port: edge.from.port - layers[from].inputCount)
        }
        var nodes: [Node] = []
        for (layer, sources) in zip(layers, sources) {
            let inputs = sources.compactMap(\.self)
            guard inputs.count == sources.count else {
                throw mistake("an operation lacks an input", layer.line)
            }
            nodes.append(try node(layer, inputs))
        }
        return nodes
    }

    private func node(_ layer: Layer, _ inputs: [Node.Source]) throws(GraphError) -> Node {
        guard let name = layer.attributes["name"], let type = layer.attributes["type"],
            let opset = layer.attributes["version"]
        else { throw mistake("an operation without name, type or version", layer.line) }
        let constant = type == "Const" ? try constant(layer) : nil
        var path = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let ownName = path.removeLast()
        return Node(
            scopes: path, ownName: ownName, type: type, opset: opset,
            attributes: constant == nil ? layer.settings : [], inputs: inputs,
            outputs: layer.outputs, constant: constant, isDecompression: layer.isDecompression)
    }

    private func constant(_ layer: Layer) throws(GraphError) -> Constant {
        let settings = named(layer.settings.map { (name: $0.0, value: $0.1) })
        guard let offset = settings["offset"].flatMap({ Int($0) }), offset >= 0,
            let size = settings["size"].flatMap({ Int($0) }), size >= 0,
            let output = layer.outputs.first
        else { throw mistake("a constant without a place", layer.line) }
        return Constant(
            scalarType: output.scalarType, shape: output.shape,
            bytes: .inBlob(offset: offset, byteCount: size))
    }

    private func named(_ attributes: [(name: String, value: String)]) -> [String: String] {
        Dictionary(attributes.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    private func number(_ name: String, _ values: [String: String]) throws(GraphError) -> Int {
        guard let number = values[name].flatMap({ Int($0) }), number >= 0 else {
            throw mistake("\"\(name)\" is no number from 0 on")
        }
        return number
    }

    private func mistake(_ what: String, _ line: Int? = nil) -> GraphError {
        GraphError("The IR cannot be read: \(what)", inLine: line ?? scanner.line)
    }
}
