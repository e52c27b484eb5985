import OpenVINO
import Testing

@Suite struct InferenceTests {
    @Test func adds() throws {
        let request = try compiledAdd().makeInferRequest()
        try request.setInput("x", Tensor([1, 2, 3, 4, 5, 6, 7, 8] as [Float], shape: [2, 4]))
        try request.infer()
        let sum = try request.output("sum")
        #expect(sum.shape == [2, 4])
        #expect(try sum.array(of: Float.self) == [11, 22, 33, 44, 15, 26, 37, 48])

        // Another size, by index and by the port's other name.
        try request.setInput(at: 0, Tensor([0, 0, 0, 1] as [Float], shape: [1, 4]))
        try request.infer()
        #expect(try request.output(at: 0).array(of: Float.self) == [10, 20, 30, 41])
        try request.setInput("alias_of_x", Tensor([1, 0, 0, 0] as [Float], shape: [1, 4]))
        try request.infer()
        #expect(try request.output(at: 0).array(of: Float.self) == [11, 20, 30, 40])
    }

    @Test func writesIntoTheGivenOutput() throws {
        let request = try compiledAdd().makeInferRequest()
        let output = try Tensor(.f32, shape: [1, 4])
        try request.setInput("x", Tensor([1, 2, 3, 4, 5, 6, 7, 8] as [Float], shape: [2, 4]))
        try request.setOutput("sum", output)
        try request.infer()
        #expect(output.shape == [2, 4])
        #expect(try output.array(of: Float.self) == [11, 22, 33, 44, 15, 26, 37, 48])
        #expect(try request.output("sum") === output)
    }

    @Test func fillsItsOwnInputInPlace() throws {
        let request = try compiledAdd().makeInferRequest()
        let input = try request.input("x")
        try input.resize(to: [1, 4])
        try input.withMutableElements(as: Float.self) { elements in
            for index in elements.indices { elements[index] = Float(index) }
        }
        try request.infer()
        #expect(try request.output("sum").array(of: Float.self) == [10, 21, 32, 43])
    }

    @Test func runsAsynchronously() async throws {
        let request = try compiledAdd().makeInferRequest()
        for round in 0..<50 {
            try request.setInput(
                "x", Tensor([Float](repeating: Float(round), count: 4), shape: [1, 4]))
            try await request.inferAsynchronously()
            let sum = try request.output("sum").array(of: Float.self)
            #expect(sum == [10, 20, 30, 40].map { $0 + Float(round) })
        }
        // And a synchronous run after that.
        try request.infer()
    }

    @Test func runsManyRequestsOfOneModel() async throws {
        let compiled = try compiledAdd(properties: [.performanceHint(.throughput)])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<16 {
                group.addTask {
                    let request = try compiled.makeInferRequest()
                    for round in 0..<20 {
                        let value = Float(task * 100 + round)
                        try request.setInput(
                            "x", Tensor([value, 0, 0, 0] as [Float], shape: [1, 4]))
                        if round.isMultiple(of: 2) {
                            try await request.inferAsynchronously()
                        } else {
                            try request.infer()
                        }
                        let sum = try request.output("sum").array(of: Float.self)
                        #expect(sum == [value + 10, 20, 30, 40])
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func profiles() throws {
        let request = try compiledAdd(properties: [.enableProfiling(true)]).makeInferRequest()
        try request.setInput("x", Tensor([1, 2, 3, 4] as [Float], shape: [1, 4]))
        try request.infer()
        let operations = try request.profile()
        let add = try #require(operations.first { $0.type == "Eltwise" || $0.type == "Add" })
        #expect(add.status == .executed)
        #expect(!add.implementation.isEmpty)
        #expect(add.wallTime >= .zero)
    }
}
