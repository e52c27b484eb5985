import ModelGraph
import Testing

@Suite("Every operation infers its shape, and names what does not fit")
struct ShapeInferenceTests {
    let graph = Graph(name: "test")

    @Test func productOfRowsAndStoredWeight() throws {
        let x = graph.input("x", .f32, ["batch", "tokens", 8])
        let weight = graph.input("w", .f32, [16, 8])
        #expect(
            try x.matrixProduct(weight, transposingOther: true).shape == ["batch", "tokens", 16])
    }

    @Test func productThatDoesNotFit() throws {
        let x = graph.input("x", .f32, ["batch", 8])
        let weight = graph.input("w", .f32, [16, 9])
        let line = #line + 1
        let error = #expect(throws: GraphError.self) {
            try x.matrixProduct(weight, transposingOther: true)
        }
        #expect(error?.message == "Matrix product of [batch, 8] and [16, 9] transposed")
        #expect(error?.location == "ModelGraphTests/ShapeInferenceTests.swift:\(line)")
    }

    @Test func broadcastingOfNamedDimensions() throws {
        let scores = graph.input("scores", .f32, ["batch", 4, "tokens", "past+tokens"])
        let mask = graph.input("mask", .f32, [.oneOr("batch"), 1, "tokens", "past+tokens"])
        #expect(try scores.adding(mask).shape == scores.shape)
        #expect(try mask.adding(scores).shape == scores.shape)
        let other = graph.input("other", .f32, ["pictures", 4, "tokens", "past+tokens"])
        #expect(throws: GraphError.self) { try scores.adding(other) }
    }

    @Test func typesMustAgree() throws {
        let floats = graph.input("floats", .f32, [2])
        let halves = graph.input("halves", .f16, [2])
        #expect(throws: GraphError.self) { try floats.adding(halves) }
        #expect(try floats.adding(halves.converted(to: .f32)).scalarType == .f32)
    }

    @Test func concatenationNamesTheSum() throws {
        let past = graph.input("past", .f32, ["batch", 4, "past", 8])
        let new = graph.input("new", .f32, ["batch", 4, "tokens", 8])
        #expect(
            try past.concatenated(with: new, axis: 2).shape == ["batch", 4, "past+tokens", 8])
        #expect(throws: GraphError.self) { try past.concatenated(with: new, axis: 3) }
    }

    @Test(arguments: [
        [TargetDimension.kept, .kept, 4, 8], [.kept, .kept, 32],
    ])
    func reshapeKeepsTheElements(target: [TargetDimension]) throws {
        let x = graph.input("x", .f32, ["batch", "tokens", 32])
        #expect(try x.reshaped(target).shape.dimensions.first == "batch")
    }

    @Test(arguments: [
        [TargetDimension.kept, .kept, 4, 7], [.kept, 32], [4, .kept, 32], [.kept, .kept, 0],
        [.kept, .kept, 32, .kept],
    ])
    func reshapeRefusesAnotherCount(target: [TargetDimension]) throws {
        let x = graph.input("x", .f32, ["batch", "tokens", 32])
        #expect(throws: GraphError.self) { try x.reshaped(target) }
    }

    @Test func patchesOfAPicture() throws {
        let pixels = graph.input("pixels", .f32, ["batch", 3, 96, 96])
        let kernel = graph.input("kernel", .f32, [32, 3, 16, 16])
        #expect(try pixels.patchConvolution(kernel).shape == ["batch", 32, 6, 6])
        let grey = graph.input("grey", .f32, ["batch", 1, 96, 96])
        #expect(throws: GraphError.self) { try grey.patchConvolution(kernel) }
    }

    @Test func lookUp() throws {
        let table = graph.input("table", .f32, [300, 32])
        let ids = graph.input("ids", .i64, ["batch", "tokens"])
        #expect(try table.gathered(ids).shape == ["batch", "tokens", 32])
        #expect(try table.gathered(graph.integer(-1), axis: 1).shape == [300])
        #expect(throws: GraphError.self) { try ids.gathered(table) }
        #expect(throws: GraphError.self) { try table.gathered(ids, axis: 2) }
    }

    @Test func transposeAndNormalize() throws {
        let x = graph.input("x", .f32, ["batch", "tokens", 96])
        #expect(try x.transposed([2, 0, 1]).shape == [96, "batch", "tokens"])
        #expect(throws: GraphError.self) { try x.transposed([0, 1]) }
        #expect(throws: GraphError.self) { try x.softmax(axis: 3) }
        let narrow = graph.input("narrow", .f32, [32])
        #expect(throws: GraphError.self) {
            try x.layerNormalized(scale: narrow, shift: narrow, epsilon: 1e-5)
        }
    }

    @Test func constantsMustFillTheirShape() throws {
        #expect(throws: GraphError.self) {
            try graph.constant(.f32, [2, 3], .literal([UInt8](repeating: 0, count: 23)))
        }
        #expect(throws: GraphError.self) {
            try graph.constant(.f32, ["batch"], .inBlob(offset: 0, byteCount: 4))
        }
        let huge = Shape([.fixed(Int.max), .fixed(Int.max)])
        #expect(huge.elementCount == nil)
        #expect(throws: GraphError.self) {
            try graph.constant(.u8, huge, .inBlob(offset: 0, byteCount: 1))
        }
    }
}
