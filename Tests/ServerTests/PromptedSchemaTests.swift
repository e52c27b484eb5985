import BlipJSON
import Testing

@testable import BlipServer

@Suite("Schemas that prompts describe")
struct PromptedSchemaTests {
    /// Name and kind of each property: `[string]` is a list of texts, `a|b` a choice, `1...5` a range.
    private func summary(_ schema: JSONValue?) -> String {
        guard let schema else { return "nothing" }
        if let values = schema["enum"]?.elements {
            return values.map(\.spoken).joined(separator: "|")
        }
        if let minimum = schema["minimum"]?.json, let maximum = schema["maximum"]?.json {
            return "\(schema["type"]?.text ?? "") \(minimum)...\(maximum)"
        }
        switch schema["type"]?.text {
        case "array"?: return "[\(summary(schema["items"]))]"
        case "object"?, nil:
            let members = schema["properties"]?.members ?? []
            return "{" + members.map { "\($0.key): \(summary($0.value))" }.joined(separator: ", ")
                + "}"
        case let type?: return type
        }
    }

    private static let prompts: [(String, String)] = [
        // Schemas, which explanations may stand before.
        (
            #"For {"properties": {"foo": {"type": "array", "items": {"type": "string"}}}} {"foo": ["bar"]} is right, {"properties": {"foo": ["bar"]}} is not. The schema: {"properties": {"open": {"type": "boolean"}}, "required": ["open"]}"#,
            "{open: boolean}"
        ),
        (#"{"type": "array", "items": {"type": "string"}}"#, "[string]"),
        (
            #"A schema: {"$defs": {}, "properties": {"é": {"enum": ["caf\u00e9", "b"]}}}"#,
            "{é: café|b}"
        ),
        // Examples.
        (
            #"{"found": true|false, "count": <number>, "state": "open|closed"}"#,
            "{found: boolean, count: number, state: open|closed}"
        ),
        (
            #"JSON like {"found": true/false, "people": 0-10, "sure": 0.0-1.0}."#,
            "{found: boolean, people: integer 0...10, sure: number 0...1}"
        ),
        (
            #"{'found': 'boolean', 'level': 'integer from 1 to 5', 'why': 'short reason'}"#,
            "{found: boolean, level: integer 1...5, why: string}"
        ),
        (
            #"{"dogs": "number of dogs", "wet": "whether the street is wet", "plate": "number plate"}"#,
            "{dogs: integer, wet: boolean, plate: string}"
        ),
        (
            "{\n  title: string,\n  count: int,\n  tags: string[],\n  mood: 'calm' or 'wild',\n}",
            "{title: string, count: integer, tags: [string], mood: string}"
        ),
        (
            "{\n  mood: \"calm\" | \"wild\";\n  note?: string | null;\n}",
            "{mood: calm|wild, note: string}"
        ),
        (
            "{\n\"name\": (type: string),\n\"kind\": (type: enum, must be one of [CAT, DOG]),\n\"pets\": (type: array of a.Pet: {\n\"age\": (type: integer)\n})\n}",
            "{name: string, kind: cat|dog, pets: [{age: integer}]}"
        ),
        (
            "{\"a\": 1, // how many\n # more\n \"b\": \"x\" /* a\nremark */, ...}",
            "{a: number, b: string}"
        ),
        (
            #"{"url": "https://a.example/b", "list": ["one", "two", ...]}"#,
            "{url: string, list: [string]}"
        ),
        (#"Return [{"name": "", "confidence": 0.5}, ...]"#, "[{name: string, confidence: number}]"),
        (#"Answer as ["tag1", "tag2"]."#, "[string]"),
        (
            #"{"size": "small/medium/large", "text": "name/label", "sure": "yes/no"}"#,
            "{size: small|medium|large, text: string, sure: yes|no}"
        ),
        // As editors, and printers of Python, change it.
        (
            "{“title”: “string”, “count”: 3, ‘kind’: “a” | “b”, … “€”: ‘x’, 'old': True, €uro: None}",
            "{title: string, count: number, kind: a|b, €: string, old: boolean, €uro: string}"
        ),
        // What looks like a choice or a range, and is none.
        (
            #"{"day": "YYYY/MM/DD", "file": "/path/to/file", "speed": "km/h or mph", "at": "12:30", "on": "2024-01-31", "x": "null|none"}"#,
            "{day: string, file: string, speed: string, at: string, on: string, x: string}"
        ),
        (
            #"{"a": "one of the following: red, blue", "b": "one of red, blue or pink", "c": "none of these, really"}"#,
            "{a: red|blue, b: red|blue|pink, c: string}"
        ),
        // Schemas within what they are sent in, and those that refer.
        (
            #"{"name": "x", "schema": {"type": "object", "properties": {"open": {"type": "boolean"}}}}"#,
            "{open: boolean}"
        ),
        // Names alone.
        ("Give title and tags as JSON.", "{title: string, tags: [string]}"),
        (#"JSON with "has_dog" and "Keywords"."#, "{has_dog: boolean, Keywords: [string]}"),
        (
            #"Only the keys Text and Keywords, as follows {"Text": str, "Keywords": []}"#,
            "{Text: string, Keywords: [string]}"
        ),
        ("Return a JSON array of tags.", "[string]"),
        ("Return a JSON list with title and color.", "[{title: string, color: string}]"),
        ("JSON please, about {camera} and {a, b}.", "{description: string}"),
    ]

    @Test(arguments: prompts)
    func described(_ prompt: String, _ expected: String) {
        #expect(summary(PromptedSchema.schema(of: prompt)) == expected)
    }

    @Test func theSystemDescribesWhatThePromptDoesNot() {
        let system = #"Fit this schema: {"properties": {"open": {"type": "boolean"}}}"#
        #expect(summary(PromptedSchema.schema(of: "Go on.", system: system)) == "{open: boolean}")
        #expect(
            summary(PromptedSchema.schema(of: #"{"a": 1}"#, system: #"{"b": 1}"#)) == "{a: number}")
    }

    @Test(arguments: [
        ##"{"$defs": {"A": {"properties": {"a": {"type": "string"}}}}, "$ref": "#/$defs/A"}"##,
        #"{"anyOf": [{"properties": {"a": {"type": "string"}}}, {"type": "null"}]}"#,
    ])
    func aSchemaWithoutPropertiesOfItsOwn(_ schema: String) throws {
        let expected = try JSONValue(parsing: Array(schema.utf8))
        #expect(PromptedSchema.schema(of: "Fit this schema: " + schema) == expected)
    }

    @Test(arguments: [
        (#"[{"name": ""}]"#, "{name: string}"), (#"["a"]"#, "{a: string}"),
        ("A JSON array of tags.", "{tags: [string]}"),
        (
            #"{"type": "array", "items": {"properties": {"name": {"type": "string"}}}}"#,
            "{name: string}"
        ),
        (#"{"type": "array", "items": {"type": "string"}}"#, "{items: [string]}"),
    ])
    func whereOnlyAnObjectWillDo(_ prompt: String, _ expected: String) {
        #expect(summary(PromptedSchema.schema(of: prompt, isObject: true)) == expected)
    }

    /// Whatever a prompt says, it is read to its end, and gives a schema of some kind.
    @Test func mutations() {
        var draw = RandomSchema.Generator(state: 16)
        let marks: [UInt8] = Array("{}[]<>()\"'`\\|/#,:;.?x1 \n…".utf8)
        for round in 0..<500 {
            var bytes = Array(Self.prompts[round % Self.prompts.count].0.utf8)
            for _ in 0..<Int.random(in: 1...12, using: &draw) {
                let place = Int.random(in: 0..<bytes.count, using: &draw)
                switch Int.random(in: 0..<3, using: &draw) {
                case 0: bytes[place] = marks[Int.random(in: marks.indices, using: &draw)]
                case 1: bytes.insert(marks[Int.random(in: marks.indices, using: &draw)], at: place)
                default: if bytes.count > 1 { bytes.remove(at: place) }
                }
            }
            let schema = PromptedSchema.schema(of: String(decoding: bytes, as: UTF8.self))
            #expect(schema.members?.isEmpty == false)
        }
        for deep in ["{a:", "[{", "(", "{\"a\": (b: {"] {
            let prompt = String(repeating: deep, count: 10_000)
            #expect(PromptedSchema.schema(of: prompt).members?.isEmpty == false)
        }
    }
}
