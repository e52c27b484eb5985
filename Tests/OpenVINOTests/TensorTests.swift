import OpenVINO
import Testing

@Suite struct TensorTests {
    @Test func holdsElements() throws {
        let tensor = try Tensor([1, 2, 3, 4, 5, 6] as [Int64], shape: [2, 3])
        #expect(tensor.shape == [2, 3])
        #expect(tensor.elementType == .i64)
        #expect(tensor.count == 6)
        #expect(tensor.byteCount == 48)
        #expect(tensor.description == "i64 [2, 3]")
        try tensor.withMutableElements(as: Int64.self) { $0[5] = 60 }
        #expect(try tensor.array(of: Int64.self) == [1, 2, 3, 4, 5, 60])
        #expect(try tensor.withElements(as: Int64.self) { $0.reduce(0, +) } == 75)
        #expect(try tensor.withUnsafeBytes { $0.count } == 48)
    }

    @Test func holdsEveryElementType() throws {
        func roundTrip<Element: TensorElement & Equatable>(_ elements: [Element]) throws {
            let tensor = try Tensor(elements, shape: [elements.count])
            #expect(tensor.elementType == Element.elementType)
            #expect(tensor.byteCount * 8 == elements.count * (tensor.elementType.bitWidth ?? 0))
            #expect(try tensor.array(of: Element.self) == elements)
        }
        try roundTrip([1.5, -2] as [Float])
        try roundTrip([1.5, -2] as [Double])
        try roundTrip([1, -2] as [Int8])
        try roundTrip([1, -2] as [Int16])
        try roundTrip([1, -2] as [Int32])
        try roundTrip([1, -2] as [Int64])
        try roundTrip([1, 2] as [UInt8])
        try roundTrip([1, 2] as [UInt16])
        try roundTrip([1, 2] as [UInt32])
        try roundTrip([1, 2] as [UInt64])
        try roundTrip([BFloat16(1.5), BFloat16(-2)])
        #if !(os(macOS) && arch(x86_64))
            try roundTrip([1.5, -2] as [Float16])
        #endif
    }

    @Test func holdsASingleNumberAndNone() throws {
        let one = try Tensor([7] as [Float], shape: [])
        #expect(one.shape == [])
        #expect(one.count == 1)
        #expect(try one.array(of: Float.self) == [7])

        let none = try Tensor([] as [Float], shape: [2, 0])
        #expect(none.shape == [2, 0])
        #expect(none.byteCount == 0)
        #expect(try none.array(of: Float.self) == [])
        #expect(try none.copy().shape == [2, 0])
        #expect(try none.withUnsafeBytes { $0.isEmpty })
    }

    @Test func packsSmallElements() throws {
        let tensor = try Tensor(.i4, shape: [3])
        #expect(tensor.byteCount == 2)
        #expect(throws: OpenVINOError.self) { try tensor.array(of: Int8.self) }
    }

    @Test func holdsStrings() throws {
        let tensor = try Tensor(strings: ["a woman", "", "hund 🐶"], shape: [3])
        #expect(tensor.elementType == .string)
        #expect(tensor.shape == [3])
        #expect(throws: OpenVINOError.self) { try tensor.withUnsafeBytes { $0.count } }
        #expect(throws: OpenVINOError.self) { try Tensor(strings: ["a"], shape: [2]) }
    }

    @Test func sharesRows() throws {
        let tensor = try Tensor((0..<12).map(Float.init), shape: [4, 3])
        let rows = try tensor.rows(1..<3)
        #expect(rows.shape == [2, 3])
        #expect(try rows.array(of: Float.self) == [3, 4, 5, 6, 7, 8])
        try rows.withMutableElements(as: Float.self) { $0[0] = 30 }
        #expect(try tensor.array(of: Float.self)[3] == 30)
        #expect(try tensor.rows(4..<4).count == 0)
        #expect(throws: OpenVINOError.self) { try tensor.rows(3..<5) }
        #expect(throws: OpenVINOError.self) { try tensor.rows(-1..<1) }
    }

    @Test func copiesAndResizes() throws {
        let tensor = try Tensor([1, 2] as [Int32], shape: [2])
        let copy = try tensor.copy()
        try tensor.withMutableElements(as: Int32.self) { $0[0] = 9 }
        #expect(try copy.array(of: Int32.self) == [1, 2])
        try tensor.resize(to: [10, 10])
        #expect(tensor.byteCount == 400)
        #expect(throws: OpenVINOError.self) { try tensor.resize(to: [-1]) }
    }

    @Test(arguments: [[-1], [Int.max], [1 << 40, 1 << 40], [1 << 62, 0, 1 << 62], [1 << 58]])
    func refusesImpossibleShapes(shape: [Int]) throws {
        #expect(throws: OpenVINOError.self) { try Tensor(.f32, shape: shape) }
        #expect(throws: OpenVINOError.self) { try Tensor([1] as [Float], shape: shape) }
        #expect(throws: OpenVINOError.self) { try Tensor(strings: ["a"], shape: shape) }
    }

    @Test func refusesOtherTypesAndCounts() throws {
        let tensor = try Tensor([1, 2] as [Float], shape: [2])
        let error = #expect(throws: OpenVINOError.self) { try tensor.array(of: Int32.self) }
        #expect(error?.code == .parameterMismatch)
        #expect(
            error?.description
                == "OpenVINO could not view a tensor of f32 [2] as i32: the types differ")
        #expect(throws: OpenVINOError.self) { try Tensor([1, 2] as [Float], shape: [3]) }
    }
}
