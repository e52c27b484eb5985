import BlipCheckpoint
import Foundation
import ModelGraph
import OpenVINO
import Testing

@testable import BLIP

/// What is done to graphs between the network and the device.
@Suite struct PassTests {
    /// A region with `count` floats, 0, 0.5, 1 and so on.
    private func region(_ count: Int) throws -> WeightRegion {
        let region = try WeightRegion(mapping: [], arenaCapacity: count * 4 + 4096)
        _ = try region.append(
            (0..<count).map { Float($0) / 2 }.withUnsafeBytes { Array($0) })
        return region
    }

    /// Ids to scores by a table, a layer's two products of the same states, and a head.
    private func graph(columns: Int = 64) throws -> Graph {
        let graph = Graph(name: "small")
        let weight = { (name: String, index: Int) in
            try graph.constant(
                .f32, [2, .fixed(columns)],
                .inBlob(offset: index * columns * 8, byteCount: columns * 8), called: name)
        }
        let ids = graph.input("ids", .i64, ["batch", "tokens"])
        let states = try weight("table.weight", 0).gathered(ids)
        let (a, b) = try graph.scope("layer.0") {
            (
                try states.matrixProduct(weight("a.weight", 1), transposingOther: true).relu(),
                try states.matrixProduct(weight("b.weight", 2), transposingOther: true).relu()
            )
        }
        graph.output(try a.adding(b), "sum")
        let first = try states.gathered(graph.integer(0), axis: 1)
        graph.output(
            try first.matrixProduct(weight("head.weight", 3), transposingOther: true), "scores")
        return graph
    }

    private func types(_ graph: Graph) -> [String: ModelGraph.ScalarType] {
        Dictionary(
            graph.operations.filter { $0.ownName.hasSuffix(".weight") }
                .map { ($0.ownName, $0.outputs[0].scalarType) }, uniquingKeysWith: { $1 })
    }

    @Test func endsStayAtEightBits() throws {
        let graph = try graph()
        try graph.apply([RoundWeights(integers: .int4, region: region(8 * 64))])
        #expect(
            types(graph) == [
                "table.weight": .i8, "a.weight": .i4, "b.weight": .i4, "head.weight": .i8,
            ])
    }

    @Test func rowsThatGroupsDoNotDivideStayAtEightBits() throws {
        let graph = try graph(columns: 60)
        try graph.apply([RoundWeights(integers: .int4, region: region(8 * 60))])
        #expect(Set(types(graph).values) == [.i8])
    }

    @Test func halvesAreWidenedAgain() throws {
        let graph = try graph()
        try graph.apply([RoundWeights(integers: nil, region: region(8 * 64))])
        #expect(Set(types(graph).values) == [.f16])
        for product in graph.operations where product.type == "MatMul" {
            #expect(product.inputs[1].scalarType == .f32)
        }
    }

    @Test func productsOfTheSameStatesShareTheirRounding() throws {
        let graph = try graph()
        let ones = [Float](repeating: 1, count: 64)
        let input = try #require(
            QuantizedInput(lowest: ones.map { -$0 }, highest: ones, weights: ones))
        let region = try region(8 * 64)
        try graph.apply([
            RoundActivations(inputs: ["a": input, "b": input, "head": input], region: region),
            RoundWeights(integers: nil, region: region),
        ])
        let roundings = graph.operations.filter { $0.type == "FakeQuantize" }
        #expect(roundings.count == 1)
        #expect(roundings[0].outputs[0].uses.count == 2)
        #expect(roundings[0].name.hasPrefix("layer.0/"))
        #expect(
            types(graph) == [
                "table.weight": .f16, "a.weight": .i8, "b.weight": .i8, "head.weight": .f16,
            ], "a single vector is not worth it")
    }

    @Test func rangesAreObservedOnceAProduct() throws {
        let graph = try graph()
        try graph.apply([ObserveRanges()])
        #expect(
            graph.outputs.map(\.name) == [
                "sum", "scores", "a.lowest", "a.highest", "b.lowest", "b.highest",
            ])
    }

    @Test func passesAreListedInTheirOrder() throws {
        let region = try region(8)
        let input = try #require(QuantizedInput(lowest: [-1], highest: [1], weights: [1]))
        let pipeline = PassPipeline(
            ranges: .observed,
            rounding: .init(
                activations: ["a": input],
                weights: RoundWeights(integers: .int8, region: region)),
            hiddenStates: 1, marksLanguageModel: true, portType: .bf16)
        #expect(
            pipeline.passes.map { String(describing: type(of: $0)) } == [
                "ObserveRanges", "RoundActivations", "RoundWeights", "OutputHiddenStates",
                "LanguageModelMark", "ConvertStatePorts",
            ])
    }

    @Test func aMarkedGraphComputesWhatItDid() throws {
        let graph = Graph(name: "relu")
        graph.output(graph.input("x", .f32, [1]).relu(), "y")
        try graph.apply([LanguageModelMark()])
        let weights = try Tensor([UInt8](repeating: 0, count: 4), shape: [4])
        let model = try Core.shared.readModel(xml: graph.ir { _ in 0 }, weights: weights)
        let request = try Core.shared.compile(model, for: "CPU").makeInferRequest()
        for x: Float in [3, -2, 5] {
            try request.setInput("x", Tensor([x], shape: [1]))
            try request.infer()
            #expect(try request.output("y").array(of: Float.self) == [max(x, 0)])
        }
    }

    @Test func aGraphWithoutSuchLayersIsRefused() throws {
        let graph = try graph()
        #expect(throws: BlipError.self) {
            try graph.apply([OutputHiddenStates(layerCount: 2)])
        }
    }
}

/// The example of docs/architecture.md.
private struct ClampActivations: GraphPass {
    let range: ClosedRange<Float>

    func run(on graph: Graph) throws {
        for node in graph.operations where node.type == "Gelu" {
            let x = node.outputs[0]
            graph.scope(of: node) { x.replaceUses(with: x.clamped(to: range)) }
        }
    }
}

@Suite struct DocumentedPassTests {
    @Test func itClampsWhatAGeluPutsOut() throws {
        let graph = Graph(name: "gelu")
        graph.output(try graph.input("x", .f32, [2]).gelu().scaled(by: 2), "y")
        try graph.apply([ClampActivations(range: -10...10)])
        #expect(
            graph.operations.map(\.type) == [
                "Parameter", "Gelu", "Const", "Clamp", "Multiply", "Result",
            ])
    }
}
