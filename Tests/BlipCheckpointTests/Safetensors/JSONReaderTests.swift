import Testing

@testable import BlipCheckpoint

/// What a safetensors header must not be, as JSON.
@Suite struct JSONReaderTests {
    @Test(arguments: [
        "", " {}", "[]", "null", "{", "{\"a\"", "{\"a\":", "{\"__metadata__\":{}", "{}}", "{},",
        "{,}", "{}x",
        "{'a':{}}", "{\"a\":{\"dtype\":7}}", "{\"a\":[]}", "{\"__metadata__\":{},}",
        "{\"__metadata__\":[]}",
        "{\"__metadata__\":{\"a\":1}}", "{\"a\\x\":{}}", "{\"a\\u12\":{}}", "{\"a\\ud800\":{}}",
        "{\"a\\ud800\\u0041\":{}}", "{\"a\\udc00\":{}}", "{\"a\n\":{}}", "{\"a\\",
        "{\"a\":{\"x\":truf}}", "{\"a\":{\"x\":01}}", "{\"a\":{\"x\":1.}}", "{\"a\":{\"x\":-}}",
        "{\"a\":{\"x\":1e}}", "{\"a\":{\"x\":nul}}", "{\"a\":{\"x\":[1,]}}", "{\"a\" {}}",
        "{\"a\":{\"data_offsets\":[0,0,0],\"dtype\":\"U8\",\"shape\":[0]}}",
        "{\"a\":{\"data_offsets\":[],\"dtype\":\"U8\",\"shape\":[0]}}",
    ]) func refuses(header: String) {
        #expect(parseError(header)?.code == .invalidJSON)
    }

    @Test func refusesMissingFieldsByName() {
        #expect(parseError("{\"a\":{}}")?.code == .missingField)
        let error = parseError("{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,0]}}")
        #expect(error?.code == .missingField)
        #expect(error?.problem == "the tensor \"a\" has no shape")
    }

    @Test func refusesDuplicateNames() {
        let tensor = member("a", "U8", "[0]", 0, 0)
        let error = parseError("{\(tensor),\(tensor)}")
        #expect(error?.code == .duplicateName)
        #expect(error?.problem.hasPrefix("the header has \"a\" twice at its byte") == true)
        // The same name, once escaped.
        let escaped = member("\\u0061", "U8", "[0]", 0, 0)
        #expect(parseError("{\(tensor),\(escaped)}")?.code == .duplicateName)
        #expect(parseError("{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}")?.code == .duplicateName)
    }

    @Test func refusesDeepNesting() {
        let depth = 100_000
        let brackets = String(repeating: "[", count: depth)
        let error = parseError("{\"a\":{\"x\":\(brackets)")
        #expect(error?.code == .nestingTooDeep)
    }

    @Test func refusesInvalidUTF8() {
        let broken: [[UInt8]] = [
            [0xFF], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
        ]
        for bytes in broken {
            let header = Array("{\"".utf8) + bytes + Array("\":{}}".utf8)
            let file = UInt64(header.count).bytes + header
            #expect(checkpointError { try parse(file) }?.code == .invalidUTF8)
        }
    }

    @Test func resolvesEscapes() throws {
        let header = safetensors(#"{"__metadata__":{"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00":"é"}}"#)
        #expect(try parse(header).metadata == ["\"\\/\u{8}\u{C}\n\r\té😀": "é"])
    }

    @Test func messagesStayOneLine() {
        let error = parseError("{\"a\\n\\u0007\(String(repeating: "x", count: 1000))\":{}}")
        #expect(error?.description.contains { $0.isNewline } == false)
        #expect((error?.description.count ?? 1000) < 400)
    }
}
