import OpenVINO
import Testing

/// How a decoder keeps what it has seen: an output of one inference is an input of the next.
@Suite struct CacheTests {
    private func request() throws -> InferRequest {
        let model = try Core.shared.readModel(
            xml: SmallModels.cache, weights: weights([1] as [Int64]))
        return try Core.shared.compile(
            model, for: "CPU", properties: [.inferencePrecision(.f32)]
        ).makeInferRequest()
    }

    private func expected(_ steps: Int) -> [Float] {
        (0..<steps).flatMap { [Float($0) + 1, Float($0) + 100] }
    }

    private func step(_ index: Int) throws -> Tensor {
        try Tensor([Float(index) + 1, Float(index) + 100], shape: [1, 1, 2])
    }

    /// Begins with a past of length 0.
    @Test func twoTensorsTakeTurns() throws {
        let request = try request()
        var past = try Tensor(.f32, shape: [1, 0, 2])
        var present = try Tensor(.f32, shape: [1, 0, 2])
        for index in 0..<40 {
            try request.setInput("past", past)
            try request.setInput("new", step(index))
            try request.setOutput("present", present)
            try request.infer()
            #expect(present.shape == [1, index + 1, 2])
            #expect(try present.array(of: Float.self) == expected(index + 1))
            #expect(
                try request.output("total").array(of: Float.self).first
                    == expected(index + 1).enumerated().filter { $0.offset.isMultiple(of: 2) }
                    .map(\.element).reduce(0, +))
            swap(&past, &present)
        }
    }

    @Test func aNewTensorForEachStep() throws {
        let request = try request()
        var past = try Tensor(.f32, shape: [1, 0, 2])
        for index in 0..<40 {
            try request.setInput("past", past)
            try request.setInput("new", step(index))
            let present = try Tensor(.f32, shape: [1, index + 1, 2])
            try request.setOutput("present", present)
            try request.infer()
            #expect(try present.array(of: Float.self) == expected(index + 1))
            past = present
        }
    }
}
