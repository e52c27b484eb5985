import BlipJSON
import Testing

@testable import BlipServer

@Suite("Reading JSON schemas")
struct SchemaReaderTests {
    private func read(_ json: String, canAnswer: Bool = true) throws -> Schema {
        try SchemaReader.read(try JSONValue(parsing: Array(json.utf8)), canAnswer: canAnswer).schema
    }

    private static let refused: [(String, String)] = [
        (
            #"{"type":"object","required":["a"],"properties":{"a":{"type":"string","pattern":"^x"}}}"#,
            "#/properties/a/pattern"
        ),
        (
            #"{"type":"object","required":["at"],"properties":{"at":{"type":"string","format":"date-time"}}}"#,
            "#/properties/at/format"
        ),
        (
            #"{"type":"object","required":["a"],"additionalProperties":false}"#,
            "#/additionalProperties"
        ),
        (
            #"{"type":"array","items":{"enum":["a","b"]},"uniqueItems":true,"minItems":3}"#,
            "#/minItems"
        ),
        (#"{"type":"array","items":{"type":"boolean"},"minItems":2,"maxItems":1}"#, "#/minItems"),
        (#"{"type":"integer","minimum":2,"maximum":1}"#, "#"),
        (#"{"type":"integer","exclusiveMinimum":1,"exclusiveMaximum":2}"#, "#"),
        (#"{"type":"string","minLength":2,"maxLength":1}"#, "#/minLength"),
        (#"{"enum":[]}"#, "#/enum"),
        (#"{"type":"string","enum":[1,2]}"#, "#/enum"),
        (#"{"enum":[[1],[2]]}"#, "#/enum"),
        (##"{"$ref":"#/$defs/a"}"##, "#/$ref"),
        (##"{"$ref":"https://example.org/a"}"##, "#/$ref"),
        (
            ##"{"$defs":{"a":{"type":"object","required":["a"],"properties":{"a":{"$ref":"#/$defs/a"}}}},"$ref":"#/$defs/a"}"##,
            "#/$defs/a/properties/a/$ref"
        ),
        (#"{"oneOf":[{"type":"integer"},{"type":"number"}]}"#, "#/oneOf"),
        (#"{"allOf":[{"type":"integer"},{"minimum":1}]}"#, "#/allOf"),
        (#"{"not":{"type":"string"}}"#, "#/not"),
        (#"{"type":"shape"}"#, "#/type"),
        (#"false"#, "#"),
        (#"{"type":"object","minProperties":1}"#, "#/minProperties"),
    ]

    @Test(arguments: refused)
    func refusedWithItsPath(_ json: String, _ path: String) throws {
        do {
            let schema = try read(json)
            Issue.record("\(schema)")
        } catch let error as ServiceError {
            #expect(error.status == .badRequest)
            #expect(error.message.contains("at \(path) "), "\(error.message)")
        }
    }

    @Test func propertiesKeepTheirOrder() throws {
        let json = #"{"properties":{"z":{"const":1},"a":{"const":2},"m":{"const":3}}}"#
        guard case .object(let properties) = try read(json) else { throw Unexpected() }
        #expect(properties.map(\.name) == ["z", "a", "m"])
    }

    @Test func whatSaysNothingIsLeftOutUnlessItIsRequired() throws {
        for open in ["{}", "true", #"{"title":"A","default":null}"#] {
            #expect(try read(#"{"properties":{"a":\#(open)}}"#) == .object([]))
            #expect(try read(#"{"required":["a"],"properties":{"a":\#(open)}}"#) != .object([]))
        }
    }

    @Test func whatNeedNotBeThereIsLeftOut() throws {
        let json =
            #"{"type":"object","required":["b"],"properties":{"a":{"type":"string","format":"uuid"},"b":{"type":"boolean"}}}"#
        #expect(try read(json) == .object([.init(name: "b", description: nil, schema: .boolean)]))
    }

    @Test func whatDifferentToolsWrite() throws {
        // Optional, in the words of pydantic, of zod and of OpenAPI.
        for json in [
            #"{"anyOf":[{"type":"boolean"},{"type":"null"}],"default":null,"title":"A"}"#,
            #"{"type":["boolean","null"]}"#, #"{"type":"boolean","nullable":true}"#,
            ##"{"allOf":[{"$ref":"#/definitions/a"}],"definitions":{"a":{"type":"boolean"}}}"##,
        ] { #expect(try read(json) == .boolean) }
        for json in [
            #"{"anyOf":[{"const":"a"},{"const":"b"}]}"#,
            #"{"oneOf":[{"enum":["a"]},{"enum":["b"]}]}"#,
            #"{"enum":["a","b",3],"type":"string"}"#, #"{"enum":["a","b","long"],"maxLength":1}"#,
        ] { #expect(try read(json) == .choice([.string("a"), .string("b")])) }
    }

    @Test func aModelThatOnlyCaptionsHasNoAnswers() throws {
        #expect(
            try read(#"{"properties":{"title":{"type":"string"}}}"#, canAnswer: false) != .boolean)
        for json in [#"{"type":"boolean"}"#, #"{"type":"integer"}"#, #"{"enum":["a","b"]}"#] {
            #expect(throws: ServiceError.self) { try read(json, canAnswer: false) }
        }
    }

    @Test func tooMuchIsRefused() throws {
        let many = (0...64).map { #""a\#($0)":{"type":"boolean"}"# }.joined(separator: ",")
        #expect(throws: ServiceError.self) {
            try read(
                #"{"properties":{\#(many)},"required":[\#((0...64).map { "\"a\($0)\"" }.joined(separator: ","))]}"#
            )
        }
        let values = (0...128).map(String.init).joined(separator: ",")
        #expect(throws: ServiceError.self) { try read(#"{"enum":[\#(values)]}"#) }
        let deep = String(repeating: #"{"type":"array","items":"#, count: 30) + "{}"
        #expect(throws: ServiceError.self) { try read(deep + String(repeating: "}", count: 30)) }
    }

    private struct Unexpected: Error {}
}
