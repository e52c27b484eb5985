import OpenVINO
import Testing

/// The example in OpenVINO.md.
@Suite struct DocumentationTests {
    @Test func overview() async throws {
        let xml = SmallModels.products(size: 2, count: 1)
            .replacing("shape=\"2,2\" element_type", with: "shape=\"1,2\" element_type")

        let weights: [Float] = [1, 2, 3, 4]
        let model = try Core.shared.readModel(
            xml: xml, weights: Tensor(weights.withUnsafeBytes { Array($0) }, shape: [16]))
        let compiled = try Core.shared.compile(
            model, for: "CPU", properties: [.performanceHint(.latency), .inferencePrecision(.f32)])

        let request = try compiled.makeInferRequest()
        try request.setInput("x", Tensor([1, 1] as [Float], shape: [1, 2]))
        try await request.inferAsynchronously()
        let y = try request.output("y").array(of: Float.self)
        #expect(y == [4, 6])
    }
}
