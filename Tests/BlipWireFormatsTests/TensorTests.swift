import Testing
import BlipWireFormats

@Suite("Binary tensors")
struct TensorTests {
    @Test func jsonThenTensors() throws {
        let tensor = BytesTensor.bytes(of: [Array("ab".utf8), [], Array("c".utf8)])
        #expect(tensor == [2, 0, 0, 0, 97, 98, 0, 0, 0, 0, 1, 0, 0, 0, 99])
        var body = try TensorBody(Array("{}".utf8) + tensor + [7], headerLength: 2)
        #expect(Array(body.header) == Array("{}".utf8))
        let elements = try BytesTensor.elements(of: body.next(tensor.count))
        #expect(elements.map(Array.init) == [Array("ab".utf8), [], Array("c".utf8)])
        #expect(throws: WireFormatError.self) { try body.finish() }
        #expect(throws: WireFormatError.self) { try body.next(2) }
        #expect(throws: WireFormatError.self) { try body.next(-1) }
        #expect(Array(try body.next(1)) == [7])
        try body.finish()
    }

    @Test func withoutALengthAllIsJSON() throws {
        let body = try TensorBody([123, 125], headerLength: nil)
        #expect(Array(body.header) == [123, 125])
        try body.finish()
    }

    @Test(arguments: [-1, 3, Int.max]) func lengthsThatAreNone(_ length: Int) {
        #expect(throws: WireFormatError.self) { try TensorBody([1, 2], headerLength: length) }
    }

    @Test(arguments: [[1], [1, 0, 0], [1, 0, 0, 0], [255, 255, 255, 255, 1], [0, 0, 0, 0, 9]])
    func brokenElements(_ bytes: [UInt8]) {
        #expect(throws: WireFormatError.self) { try BytesTensor.elements(of: bytes[...]) }
    }

    @Test func theDocumentationsExample() throws {
        let body = "--X\r\nContent-Disposition: form-data; name=question\r\n\r\nhow many?\r\n--X--"
        let form = try MultipartForm(
            Array(body.utf8), contentType: "multipart/form-data; boundary=X")
        #expect(form.parts[0].name == "question")
        #expect(form.parts[0].text == "how many?")
    }
}
