/// A model's topology, built operation by operation.
///
/// Every operation infers its shape as it is added, so that a mistake surfaces at the line that
/// made it. A finished graph becomes OpenVINO's IR (version 11), a pair of files, with ``write(to:named:blob:)``.
///
/// A graph is built by one task; it is not `Sendable`. What is sent on is the IR's text.
public final class Graph {
    /// The model's name, as the IR carries it.
    public let name: String
    var nodes: [Node] = []
    private var scopes: [String] = []

    /// An empty graph.
    ///
    /// - Parameter name: the model's name, as the IR carries it.
    public init(name: String) { self.name = name }

    /// Names the operations that `body` adds after the part of the model that they belong to, so
    /// that profiles and error messages can be read.
    public func scope<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
        scopes.append(name)
        defer { scopes.removeLast() }
        return try body()
    }

    /// As ``scope(_:_:)``, in the scopes of an operation that is there already.
    package func scope<Result>(of node: GraphNode, _ body: () throws -> Result) rethrows -> Result {
        let outside = scopes
        scopes = nodes[node.id].scopes
        defer { scopes = outside }
        return try body()
    }

    /// Adds an input.
    ///
    /// - Parameters:
    ///   - name: the tensor's name, by which requests set it.
    ///   - scalarType: its element type.
    ///   - shape: its shape; named dimensions are dynamic.
    public func input(_ name: String, _ scalarType: ScalarType, _ shape: Shape) -> Value {
        let dimensions = shape.dimensions.map { $0.size.map(String.init) ?? "?" }
        let value = add(
            "Parameter", "opset1",
            attributes: [
                ("shape", dimensions.joined(separator: ",")), ("element_type", scalarType.name),
            ],
            outputs: [(scalarType, shape)], called: name)[0]
        nodes[value.node].outputs[value.port].names.append(name)
        return value
    }

    /// Marks a value as an output under `name`.
    public func output(_ value: Value, _ name: String) {
        // The IR names the tensor that is put out, and a tensor may bear several names.
        nodes[value.node].outputs[value.port].names.append(name)
        _ = add("Result", "opset1", inputs: [value], outputs: [], called: Self.resultName(name))
    }

    /// Adds a constant.
    ///
    /// - Throws: ``GraphError`` where the byte count does not fit type and shape.
    public func constant(
        _ scalarType: ScalarType, _ shape: Shape, _ bytes: ConstantBytes,
        called name: String? = nil,
        fileID: String = #fileID, line: Int = #line
    ) throws(GraphError) -> Value {
        guard let count = shape.elementCount,
            (count * scalarType.bitWidth + 7) / 8 == bytes.byteCount
        else {
            throw GraphError(
                "A constant of type \(scalarType) and shape \(shape) cannot have "
                    + "\(bytes.byteCount) bytes", fileID, line)
        }
        let constant = Constant(scalarType: scalarType, shape: shape, bytes: bytes)
        return add(
            "Const", "opset1", outputs: [(scalarType, shape)], constant: constant, called: name)[0]
    }

    /// Adds a node and returns a value for each of its outputs.
    func add(
        _ type: String, _ opset: String, attributes: [(String, String)] = [],
        inputs: [Value] = [], outputs: [(ScalarType, Shape)], constant: Constant? = nil,
        isDecompression: Bool = false, called name: String? = nil
    ) -> [Value] {
        let id = nodes.count
        nodes.append(
            Node(
                scopes: scopes, ownName: name ?? "\(type)_\(id)", type: type, opset: opset,
                attributes: attributes,
                inputs: inputs.map { Node.Source(node: $0.node, port: $0.port) },
                outputs: outputs.map { Node.Output(scalarType: $0.0, shape: $0.1) },
                constant: constant, isDecompression: isDecompression))
        return outputs.indices.map { port in
            Value(
                graph: self, node: id, port: port, scalarType: outputs[port].0,
                shape: outputs[port].1)
        }
    }
}

/// One operation of a graph.
struct Node {
    struct Source {
        var node: Int
        let port: Int
    }
    struct Output {
        var scalarType: ScalarType
        var shape: Shape
        var names: [String] = []
    }
    let scopes: [String]
    let ownName: String
    let type: String
    let opset: String
    var attributes: [(String, String)]
    var inputs: [Source]
    var outputs: [Output]
    let constant: Constant?
    /// Marks a Convert that widens stored half-precision weights; the plugins keep such weights
    /// narrow instead of folding the conversion.
    let isDecompression: Bool

    var name: String { (scopes + [ownName]).joined(separator: "/") }

    /// Whether it is there for its own sake, and not for what reads it.
    var isKept: Bool { ["Parameter", "Result", "Assign"].contains(type) }
}

/// One output of one operation: what the next operations are built on.
public struct Value {
    /// The graph that it belongs to.
    public let graph: Graph
    let node: Int
    let port: Int
    /// The type of the elements.
    public let scalarType: ScalarType
    /// The shape, as it was inferred when the operation was added.
    public let shape: Shape

    /// Adds an operation with one output that has this value as its first input.
    func applying(
        _ type: String, _ opset: String, _ attributes: [(String, String)] = [],
        with others: [Value] = [], scalarType: ScalarType? = nil, shape: Shape,
        isDecompression: Bool = false
    ) -> Value {
        graph.add(
            type, opset, attributes: attributes, inputs: [self] + others,
            outputs: [(scalarType ?? self.scalarType, shape)], isDecompression: isDecompression)[0]
    }
}

extension Value: Hashable {
    /// Whether both are the same output of the same operation.
    public static func == (a: Value, b: Value) -> Bool {
        a.graph === b.graph && a.node == b.node && a.port == b.port
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(node)
        hasher.combine(port)
    }
}
