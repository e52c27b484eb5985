import BlipJSON
import Testing

@Suite struct JSONValueTests {
    @Test(
        arguments: [
            ("null", .null), (" true ", .bool(true)), ("false", .bool(false)), ("-0", .integer(0)),
            ("1.0", .number(1)), ("9223372036854775807", .integer(.max)),
            ("9223372036854775808", .number(0x1p63)), ("-Infinity", .number(-.infinity)),
            ("-12.5e+2", .number(-1250)), ("\"\"", .string("")), ("[]", .array([])),
            ("{}", .object([])), ("[1 , [2]]", .array([.integer(1), .array([.integer(2)])])),
            (#""\u00e9\ud83d\ude00\n\"\/\\\t\b\f\r""#, .string("é😀\n\"/\\\t\u{8}\u{C}\r")),
            (
                #"{"a":1,"a":2}"#,
                .object([.init(key: "a", value: .integer(1)), .init(key: "a", value: .integer(2))])
            ),
        ] as [(String, JSONValue)])
    func valid(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "truee", "01", "1.", ".5", "1e", "+1", "-", "NaN1", "-Infinit", "[1,]",
        "[1 2]", "[",
        "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "\"", "\"\\", "\"\\x\"", "\"\\u12\"",
        "\"\\u+123\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\n\"", "1 2", "'a'",
        "\"\\ud800\\n\"",
    ])
    func invalid(_ text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test func notUTF8() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0xEF, 0xBB, 0xBF, 0x31]) }
    }

    @Test(arguments: [#""a\"b\\""#, #"["\u00e9", {"a\\": "\\"}]"#, #""""#])
    func stringsThatArePassedOver(_ text: String) throws {
        for checksStrings in [true, false] {
            try Array(text.utf8).withUnsafeBytes { bytes in
                var reader = JSONReader(bytes, isStrict: false) { $0 }
                try reader.skipValue(checksStrings: checksStrings)
                try reader.end()
            }
        }
    }

    @Test(arguments: [#""a"#, #""a\"#, #""a\""#, "\"a\nb\""])
    func stringsWithoutAnEnd(_ text: String) {
        for checksStrings in [true, false] {
            #expect(throws: JSONError.self) {
                try Array(text.utf8).withUnsafeBytes { bytes in
                    var reader = JSONReader(bytes, isStrict: false) { $0 }
                    try reader.skipValue(checksStrings: checksStrings)
                }
            }
        }
    }

    @Test(arguments: ["[", #"{"a":"#])
    func deep(_ open: String) {
        let text = String(repeating: open, count: 100_000)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
        #expect(error?.code == .nesting)
    }

    @Test(arguments: [#"{"a":1,"\u0061":2}"#, "NaN", "[Infinity]", "-Infinity"])
    func strict(_ text: String) throws {
        _ = try JSONValue(parsing: Array(text.utf8))
        #expect(throws: JSONError.self) {
            try Array(text.utf8).withUnsafeBytes { bytes in
                var reader = JSONReader(bytes, isStrict: true) { $0 }
                try reader.skipValue()
            }
        }
    }
}
