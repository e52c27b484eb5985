import Testing

@testable import BlipWireFormats

@Suite("Multipart forms")
struct MultipartTests {
    private let type = "multipart/form-data; boundary=\"a b\""

    private func form(_ text: String, type: String? = nil) throws -> MultipartForm {
        try MultipartForm(Array(text.utf8), contentType: type ?? self.type)
    }

    @Test func fieldsAndFiles() throws {
        let form = try form(
            "before\r\n--a b \r\nContent-Disposition: form-data; name=\"question\"\r\n\r\nhow\r\nmany?"
                + "\r\n--a b\r\ncontent-disposition: form-data; name=image; filename=\"a;b.png\"\r\n"
                + "Content-Type: image/png\r\n\r\n\r\n--a \r\r\n\r\n--a b--\r\nafter")
        #expect(
            form.parts == [
                .init(name: "question", isFile: false, bytes: Array("how\r\nmany?".utf8)),
                .init(name: "image", isFile: true, bytes: Array("\r\n--a \r\r\n".utf8)),
            ])
    }

    @Test(arguments: [
        "filename=\"a\"; name=\"x\"", "filename*=UTF-8''%C3%A9.png; name=x",
        "filename=\"; name=y\"; name=\"x\"", "FileName = a ; Name = x", "name=x; filename",
    ])
    func whatSaysThatAPartIsAFile(_ parameters: String) throws {
        let form = try form(
            "--a b\r\nContent-Disposition: form-data; \(parameters)\r\n\r\n1\r\n--a b--")
        let isFile = !parameters.hasSuffix("filename")
        #expect(form.parts == [.init(name: "x", isFile: isFile, bytes: Array("1".utf8))])
    }

    @Test func anEmptyFieldAndAnEmptyForm() throws {
        let empty = try form("--a b\r\nContent-Disposition: form-data; name=x\r\n\r\n\r\n--a b--")
        #expect(empty.parts == [.init(name: "x", isFile: false, bytes: [])])
        #expect(try form("--a b--").parts.isEmpty)
    }

    @Test(arguments: [
        "", "--a b", "--a b\r\n", "--a b\r\n\r\n", "--a b\r\n\r\n\r\n--a b--", "--a bx\r\n--a b--",
        "--a b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--a b--",
        "--a b\r\nContent-Disposition: form-data; name=x\r\n\r\nx",
        "--a b\r\nContent-Disposition: form-data; name=x\r\nx\r\n--a b--",
    ])
    func broken(_ text: String) {
        #expect(throws: WireFormatError.self) { try form(text) }
    }

    @Test(arguments: ["multipart/form-data", "multipart/form-data; boundary=", "x; boundary=\"\""])
    func withoutABoundary(_ type: String) {
        #expect(throws: WireFormatError.self) { try form("--a b--", type: type) }
    }

    /// Bytes of a form changed, cut and doubled at random places: it is read or refused.
    @Test func mutations() throws {
        let whole = Array(
            ("--a b\r\nContent-Disposition: form-data; name=\"q\"\r\n\r\nhow many?\r\n--a b\r\n"
                + "Content-Disposition: form-data; name=\"i\"; filename=\"a\"\r\n\r\n\u{1}\r\n--a b--")
                .utf8)
        var generator = SeededGenerator(state: 4)
        var read = 0
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0:
                    bytes[place] =
                        [13, 10, 45, 97, 34, 59, 0].randomElement(using: &generator) ?? 0
                case 1 where bytes.count > 8:
                    bytes.removeSubrange(place..<min(place + 3, bytes.count - 1))
                default: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
                }
            }
            if (try? MultipartForm(bytes, contentType: type)) != nil { read += 1 }
        }
        #expect((1_000..<20_000).contains(read))
    }
}

/// The same numbers each time.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
