import ModelGraph
import OpenVINO
import Testing

/// Operations that BLIP's own graphs do not use, run by OpenVINO: what shape inference promises
/// must be what is computed.
@Suite("Graphs run as they are built")
struct GraphExecutionTests {
    /// Places literals one behind another and runs the graph on the CPU at f32.
    private func run(
        _ graph: Graph, _ inputs: [String: (values: [Float], shape: [Int])], output: String
    ) throws -> (values: [Float], shape: [Int]) {
        var blob: [UInt8] = []
        let xml = try graph.ir { constant in
            guard case .literal(let bytes) = constant.bytes else { throw CancellationError() }
            // Aligned, as OpenVINO reads constants where they are.
            blob += [UInt8](repeating: 0, count: (64 - blob.count % 64) % 64)
            defer { blob += bytes }
            return blob.count
        }
        let model = try Core.shared.readModel(
            xml: xml, weights: Tensor(blob, shape: [blob.count]))
        let request = try Core.shared.compile(
            model, for: "CPU", properties: [.inferencePrecision(.f32)]
        ).makeInferRequest()
        for (name, input) in inputs {
            try request.setInput(name, Tensor(input.values, shape: input.shape))
        }
        try request.infer()
        let result = try request.output(output)
        return (try result.array(of: Float.self), result.shape)
    }

    private func values(_ count: Int, _ seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 37 + seed * 11) % 23) / 23 - 0.5 }
    }

    @Test func reductionsKeepTheirAxes() throws {
        let expected: [(Reduction, [Float])] = [
            (.maximum, [10, 11]), (.minimum, [0, 1]), (.mean, [5, 6]),
        ]
        for (reduction, values) in expected {
            let graph = Graph(name: "reduction")
            let x = graph.input("x", .f32, ["batch", 3, 2])
            graph.output(try x.reduced(by: reduction, axes: [0, 1]), "y")
            let found = try run(
                graph, ["x": (values: (0..<12).map(Float.init), shape: [2, 3, 2])], output: "y")
            #expect(found.shape == [1, 1, 2])
            #expect(found.values == values)
        }
    }

    @Test func fakeQuantizeRoundsToLevelsAndClamps() throws {
        let graph = Graph(name: "levels")
        let x = graph.input("x", .f32, [1, 5])
        graph.output(try x.fakeQuantized(to: -1...2, levels: 4), "y")
        let found = try run(
            graph, ["x": (values: [-9, -0.4, 0.6, 1.4, 9], shape: [1, 5])], output: "y")
        #expect(found.values == [-1, 0, 1, 1, 2])
        #expect(throws: GraphError.self) { try x.fakeQuantized(to: 1...1) }
    }
}
