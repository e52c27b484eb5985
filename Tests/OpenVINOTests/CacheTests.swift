import OpenVINO
import Testing

/// How a decoder keeps what it has seen: an output of one inference is an input of the next. All
/// begin with a past of length 0.
@Suite struct CacheTests {
    private static let heads = 6
    private static let width = 4

    private func request() throws -> InferRequest {
        let model = try Core.shared.readModel(
            xml: SmallModels.cache, weights: weights([2] as [Int64]))
        return try Core.shared.compile(
            model, for: "CPU", properties: [.inferencePrecision(.f32)]
        ).makeInferRequest()
    }

    /// [2, 3, 0, 4]
    private func nothing() throws -> Tensor {
        try Tensor(.f32, shape: [2, 3, 0, Self.width])
    }

    /// What step `index` adds, [2, 3, 1, 4]: other numbers everywhere.
    private func step(_ index: Int) throws -> Tensor {
        try Tensor(values(index..<index + 1), shape: [2, 3, 1, Self.width])
    }

    private func values(_ steps: Range<Int>) -> [Float] {
        (0..<Self.heads).flatMap { head in
            steps.flatMap { step in
                (0..<Self.width).map { Float(head * 1000 + step * 10 + $0) }
            }
        }
    }

    /// Runs one step on a request that has its past.
    private func run(_ request: InferRequest, _ index: Int) throws -> Tensor {
        try request.setInput("new", step(index))
        try request.infer()
        let present = try request.output("present")
        #expect(present.shape == [2, 3, index + 1, Self.width])
        #expect(try present.array(of: Float.self) == values(0..<index + 1))
        return present
    }

    @Test func theOwnOutputComesBack() throws {
        let request = try request()
        var past = try nothing()
        for index in 0..<40 {
            try request.setInput("past", past)
            past = try run(request, index)
        }
        let total = try request.output("total")
        #expect(total.shape == [2, 3, Self.width])
        #expect(
            try total.array(of: Float.self).first == (0..<40).map { Float($0) * 10 }.reduce(0, +))
    }

    @Test func twoTensorsTakeTurns() throws {
        let request = try request()
        var past = try nothing()
        var present = try nothing()
        for index in 0..<40 {
            try request.setInput("past", past)
            try request.setOutput("present", present)
            #expect(try run(request, index) === present)
            swap(&past, &present)
        }
    }

    @Test func twoRequestsTakeTurns() throws {
        let requests = [try request(), try request()]
        var past = try nothing()
        for index in 0..<40 {
            let request = requests[index % 2]
            try request.setInput("past", past)
            past = try run(request, index)
        }
    }

    /// Fixed shapes: `y = x · W`, with a `W` that turns the columns by one, gone through five times.
    @Test func fixedShapesTakeTurns() throws {
        let size = 16
        var rotation = [Float](repeating: 0, count: size * size)
        for row in 0..<size { rotation[row * size + (row + 1) % size] = 1 }
        let model = try Core.shared.readModel(
            xml: SmallModels.products(size: size, count: 1), weights: weights(rotation))
        let request = try Core.shared.compile(
            model, for: "CPU", properties: [.inferencePrecision(.f32)]
        ).makeInferRequest()

        let start = (0..<size * size).map(Float.init)
        var x = try Tensor(start, shape: [size, size])
        var y = try Tensor(.f32, shape: [size, size])
        for _ in 0..<5 {
            try request.setInput("x", x)
            try request.setOutput("y", y)
            try request.infer()
            swap(&x, &y)
        }
        let expected = (0..<size * size).map { index in
            start[index / size * size + (index % size - 5 + size) % size]
        }
        #expect(try x.array(of: Float.self) == expected)
    }
}
