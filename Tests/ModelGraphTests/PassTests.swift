import ModelGraph
import Testing

@Suite("Passes find and replace by the graph, and leave what is needed in order")
struct PassTests {
    /// `y = relu(x · wᵀ) + 1`, in two scopes.
    private func graph() throws -> Graph {
        let graph = Graph(name: "small")
        let x = graph.input("x", .f32, ["batch", 2])
        let product = try graph.scope("layer.0") {
            let weight = try graph.constant(
                .f16, [3, 2], .inBlob(offset: 0, byteCount: 12), called: "weight")
            return try x.matrixProduct(weight.decompressed(to: .f32), transposingOther: true).relu()
        }
        graph.output(try product.adding(graph.float(1)), "y")
        return graph
    }

    private struct Replace: GraphPass {
        let type: String
        let make: (GraphNode) throws -> Value

        func run(on graph: Graph) throws {
            for node in graph.operations where node.type == type {
                node.outputs[0].replaceUses(with: try make(node))
            }
        }
    }

    @Test func text() throws {
        #expect(
            try graph().description == """
                %0 = Parameter(shape: ?,2, element_type: f32) → f32[batch, 2] as x  // x
                %1 = Const(bytes 0..<12) → f16[3, 2]  // layer.0/weight
                %2 = Convert(%1, destination_type: f32) → f32[3, 2]  // layer.0/Convert_2
                %3 = MatMul(%0, %2, transpose_a: false, transpose_b: true) → f32[batch, 3]  // layer.0/MatMul_3
                %4 = ReLU(%3) → f32[batch, 3]  // layer.0/ReLU_4
                %5 = Const(4 bytes) → f32[]  // Const_5
                %6 = Add(%4, %5, auto_broadcast: numpy) → f32[batch, 3] as y  // Add_6
                %7 = Result(%6)  // y/result
                """)
    }

    @Test func whatIsReplacedGoesAndWhatIsNewStandsBeforeItsReaders() throws {
        let graph = try graph()
        try graph.apply([
            Replace(type: "ReLU") { node in
                graph.scope(of: node) { node.inputs[0].sigmoid() }
            }
        ])
        let operations = graph.operations
        #expect(
            operations.map(\.type) == [
                "Parameter", "Const", "Convert", "MatMul", "Const", "Sigmoid", "Add", "Result",
            ])
        #expect(operations[5].name == "layer.0/Sigmoid_8")
        #expect(operations[6].inputs[0].producer == operations[5])
    }

    @Test func whatReadsTheOldValueToMakeTheNewOneStillReadsIt() throws {
        let graph = try graph()
        try graph.apply([Replace(type: "MatMul") { $0.outputs[0].sigmoid().silu() }])
        #expect(
            graph.operations.map(\.type).filter { ["MatMul", "Sigmoid", "Swish"].contains($0) }
                == ["MatMul", "Sigmoid", "Swish"])
        let sigmoid = try #require(graph.operations.first { $0.type == "Sigmoid" })
        #expect(sigmoid.inputs[0].producer.type == "MatMul")
    }

    @Test func anOutputThatIsReplacedHandsOnItsName() throws {
        let graph = try graph()
        try graph.apply([Replace(type: "Add") { $0.inputs[0].sigmoid() }])
        #expect(graph.outputs.map(\.name) == ["y"])
        #expect(graph.outputs.first?.value.producer.type == "Sigmoid")
        #expect(!graph.operations.contains { $0.type == "Add" })
    }

    @Test func anOutputThatIsReplacedByItselfKeepsItsName() throws {
        let graph = try graph()
        try graph.apply([Replace(type: "Add") { $0.outputs[0].converted(to: .f32) }])
        #expect(graph.outputs.map(\.name) == ["y"])
    }

    @Test func aMissingInputIsRefused() throws {
        let graph = try graph()
        let node = try #require(graph.operations.first { $0.type == "ReLU" })
        for index in [-1, 1] {
            let error = #expect(throws: GraphError.self) {
                try node.setInput(index, to: node.inputs[0])
            }
            #expect(error?.message.contains("has 1 inputs, and none at \(index)") == true)
        }
        try node.setInput(0, to: node.inputs[0])
    }

    /// Whether an operation reads itself or what reads it.
    @Test(arguments: ["ReLU", "Add"])
    func aRingIsRefused(type: String) throws {
        struct Ring: GraphPass {
            let type: String
            func run(on graph: Graph) throws {
                let node = try #require(graph.operations.first { $0.type == "ReLU" })
                let value = try #require(graph.operations.first { $0.type == type }).outputs[0]
                try node.setInput(0, to: value)
            }
        }
        let graph = try graph()
        let error = #expect(throws: GraphError.self) { try graph.apply([Ring(type: type)]) }
        #expect(error?.message.contains("reads a value that is computed from its own") == true)
    }

    @Test func portsAreConvertedAtTheEdge() throws {
        let graph = try graph()
        graph.convertPorts { ["x": .bf16, "y": .f16][$0] }
        try graph.apply([])
        #expect(graph.inputs.map(\.value.scalarType) == [.bf16])
        #expect(graph.outputs.map(\.value.scalarType) == [.f16])
        let product = try #require(graph.operations.first { $0.type == "MatMul" })
        #expect(product.inputs.map(\.scalarType) == [.f32, .f32])
        #expect(product.inputs[0].producer.inputs[0].names == ["x"])
    }

    @Test func anInputThatIsPutOutIsConvertedOnceForEach() throws {
        for output: ScalarType? in [nil, .f16] {
            let graph = Graph(name: "small")
            let x = graph.input("x", .f32, [2])
            graph.output(x, "y")
            graph.output(x.relu(), "z")
            graph.convertPorts { ["x": .bf16, "y": output][$0] ?? nil }
            try graph.apply([])
            #expect(graph.inputs.map(\.name) == ["x"])
            #expect(graph.inputs.map(\.value.scalarType) == [.bf16])
            #expect(graph.outputs.map(\.name) == ["y", "z"])
            #expect(graph.outputs.map(\.value.scalarType) == [output ?? .f32, .f32])
        }
    }

    @Test func whatLeavesAScope() throws {
        let graph = try graph()
        #expect(graph.values(leaving: "layer.0").map(\.producer.type) == ["ReLU"])
        #expect(graph.values(leaving: "layer.1").isEmpty)
    }

    @Test func aStateIsKeptForItsOwnSake() throws {
        let graph = try graph()
        let state = graph.state("mark", .f32, [1, 1, 1, 1])
        graph.keep(try state.scaledDotProductAttention(keys: state, values: state), as: "mark")
        _ = graph.float(3)
        try graph.apply([Replace(type: "ReLU") { $0.inputs[0] }])
        #expect(
            graph.operations.suffix(3).map(\.type) == [
                "ReadValue", "ScaledDotProductAttention", "Assign",
            ])
        #expect(graph.operations.count == 10, "the number that nothing reads is gone")
    }
}
