import Testing

@testable import BlipTokenizer

@Suite struct JSONTests {
    @Test(
        arguments: [
            ("null", .null), (" true ", .bool(true)), ("false", .bool(false)), ("-0", .number(0)),
            ("-12.5e+2", .number(-1250)), ("\"\"", .string("")), ("[]", .array([])),
            ("{}", .object([])), ("[1 , [2]]", .array([.number(1), .array([.number(2)])])),
            (#""\u00e9\ud83d\ude00\n\"\/\\\t\b\f\r""#, .string("é😀\n\"/\\\t\u{8}\u{C}\r")),
            (
                #"{"a":1,"a":2}"#,
                .object([.init(key: "a", value: .number(1)), .init(key: "a", value: .number(2))])
            ),
        ] as [(String, JSONValue)])
    func valid(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONParser.parse(Array(text.utf8)) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "truee", "01", "1.", ".5", "1e", "+1", "-", "NaN1", "-Infinit", "[1,]",
        "[1 2]", "[",
        "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "\"", "\"\\", "\"\\x\"", "\"\\u12\"",
        "\"\\u+123\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\n\"", "1 2", "'a'",
        "\"\\ud800\\n\"",
    ])
    func invalid(_ text: String) {
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test func notUTF8() {
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
        #expect(throws: JSONParser.Failure.self) { try JSONParser.parse([0xEF, 0xBB, 0xBF, 0x31]) }
    }
}
