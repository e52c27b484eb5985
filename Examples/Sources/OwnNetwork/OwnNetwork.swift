import Foundation
import ModelGraph
import OpenVINO

/// Builds a network of its own, two inputs to one output, and runs it: exclusive or.
///
///     swift run OwnNetwork
@main
struct OwnNetwork {
    static func main() throws {
        let graph = Graph(name: "exclusive-or")
        let x = graph.input("x", .f32, ["batch", 2])
        // A layer of two: "at least one" and "both".
        let weights = try graph.floats([1, 1, 1, 1]).reshaped([2, 2])
        let hidden = try x.matrixProduct(weights).adding(graph.floats([0, -1])).relu()
        let output = try hidden.matrixProduct(graph.floats([1, -2]).reshaped([2, 1]))
        graph.output(output, "y")
        print(graph)

        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try graph.write(to: folder, named: "network")

        let model = try Core.shared.readModel(at: folder.appending(path: "network.xml"))
        let request = try Core.shared.compile(model, for: "CPU").makeInferRequest()
        let inputs: [Float] = [0, 0, 0, 1, 1, 0, 1, 1]
        try request.setInput("x", Tensor(inputs, shape: [4, 2]))
        try request.infer()
        print(try request.output("y").array(of: Float.self))
    }
}
