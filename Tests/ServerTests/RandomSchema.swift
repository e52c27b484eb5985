import BlipJSON

@testable import BlipServer

/// Schemas of the supported kinds, drawn from a seed; all can be filled.
struct RandomSchema {
    private var generator: Generator

    init(seed: UInt64) { generator = Generator(state: seed) }

    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    mutating func schema(depth: Int = 0) -> JSONValue {
        let simple = ["enum", "const", "boolean", "integer", "number", "string", "null"]
        let all = simple + ["object", "object", "array", "array", "anyOf", "types"]
        switch pick(depth < 3 ? all : simple) {
        case "enum": return object([("enum", .array(distinct(1 + number(4)) { $0.scalar() }))])
        case "const": return object([("const", scalar())])
        case "boolean": return typed("boolean")
        case "integer": return limits(typed("integer"), whole: true)
        case "number": return limits(typed("number"), whole: false)
        case "string": return lengths(typed("string"))
        case "null": return typed("null")
        case "object": return properties(depth)
        case "array": return array(depth)
        case "anyOf":
            return object([("anyOf", .array([schema(depth: depth + 1), schema(depth: depth + 1)]))])
        default: return object([("type", .array([.string("boolean"), .string("null")]))])
        }
    }

    private mutating func properties(_ depth: Int) -> JSONValue {
        let names = Array(Self.names.shuffled(using: &generator).prefix(number(5)))
        let members = names.map { ($0, schema(depth: depth + 1)) }
        let required = names.filter { _ in flag() }
        return object([
            ("type", .string("object")), ("properties", object(members)),
            ("required", .array(required.map(JSONValue.string))),
            ("additionalProperties", .bool(flag())),
        ])
    }

    private mutating func array(_ depth: Int) -> JSONValue {
        let minimum = number(3)
        var members: [(String, JSONValue)] = [
            ("type", .string("array")), ("items", schema(depth: depth + 1)),
            ("minItems", .integer(minimum)),
        ]
        if flag() { members.append(("maxItems", .integer(minimum + number(3)))) }
        return object(members)
    }

    private mutating func limits(_ schema: JSONValue, whole: Bool) -> JSONValue {
        let low = Double(number(60) - 30) / (whole ? 1 : 4)
        var members = schema.members.map { $0.map { ($0.key, $0.value) } } ?? []
        if flag() { members.append((pick(["minimum", "exclusiveMinimum"]), .of(low))) }
        if flag() { members.append((pick(["maximum", "exclusiveMaximum"]), .of(low + 12))) }
        if flag() {
            members.append(
                (
                    "multipleOf",
                    pick(
                        whole
                            ? [.integer(2), .integer(5)]
                            : [.number(0.25), .number(0.5), .integer(3)])
                ))
        }
        return object(members)
    }

    private mutating func lengths(_ schema: JSONValue) -> JSONValue {
        var members = schema.members.map { $0.map { ($0.key, $0.value) } } ?? []
        let minimum = number(12)
        if flag() { members.append(("minLength", .integer(minimum))) }
        if flag() { members.append(("maxLength", .integer(minimum + number(20)))) }
        return object(members)
    }

    private mutating func scalar() -> JSONValue {
        pick([
            .string(pick(Self.names)), .integer(number(100) - 50), .bool(flag()), .null,
            .number(Double(number(40)) / 8), .string("é\"\\\n\(number(9))"),
        ])
    }

    private mutating func distinct(
        _ count: Int, _ make: (inout RandomSchema) -> JSONValue
    ) -> [JSONValue] {
        var values: [JSONValue] = []
        for _ in 0..<count {
            let value = make(&self)
            if !values.contains(value) { values.append(value) }
        }
        return values
    }

    private func typed(_ type: String) -> JSONValue { object([("type", .string(type))]) }

    private func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { .init(key: $0.0, value: $0.1) })
    }

    private mutating func number(_ limit: Int) -> Int {
        Int.random(in: 0..<limit, using: &generator)
    }
    private mutating func flag() -> Bool { Bool.random(using: &generator) }
    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[number(elements.count)]
    }

    private static let names = [
        "count", "dogs", "has_cat", "color", "tags", "name", "confidence", "title", "a/b~c", "Ünï",
        "items",
        "is_open", "description", "objects", "level", "",
    ]
}

extension JSONValue {
    /// Whether it is what a schema allows: written for the tests, from JSON Schema's own text.
    func fits(_ schema: JSONValue) -> Bool {
        if let flag = schema.flag { return flag }
        if let const = schema["const"], !isSame(as: const) { return false }
        if let values = schema["enum"]?.elements, !values.contains(where: isSame(as:)) {
            return false
        }
        if let branches = schema["anyOf"]?.elements, !branches.contains(where: fits) {
            return false
        }
        if let type = schema["type"] {
            let names = type.elements?.compactMap(\.text) ?? [type.text ?? ""]
            guard names.contains(where: hasType) else { return false }
        }
        return fitsLimits(schema) && fitsContents(schema)
    }

    private func isSame(as other: JSONValue) -> Bool {
        if let a = numericValue, let b = other.numericValue { return a == b }
        return self == other
    }

    private func hasType(_ name: String) -> Bool {
        switch (self, name) {
        case (.null, "null"), (.bool, "boolean"), (.string, "string"), (.array, "array"),
            (.object, "object"), (.integer, "integer"), (.integer, "number"), (.number, "number"):
            true
        case (.number(let number), "integer"): number == number.rounded()
        default: false
        }
    }

    private func fitsLimits(_ schema: JSONValue) -> Bool {
        if let number = numericValue {
            let limit = { (key: String) in schema[key]?.numericValue }
            if let low = limit("minimum"), number < low { return false }
            if let high = limit("maximum"), number > high { return false }
            if let low = limit("exclusiveMinimum"), number <= low { return false }
            if let high = limit("exclusiveMaximum"), number >= high { return false }
            if let part = limit("multipleOf"), number / part != (number / part).rounded() {
                return false
            }
        }
        guard let text else { return true }
        let length = text.unicodeScalars.count
        return length >= schema["minLength"]?.integer ?? 0
            && length <= schema["maxLength"]?.integer ?? .max
    }

    private func fitsContents(_ schema: JSONValue) -> Bool {
        if let elements {
            guard elements.count >= schema["minItems"]?.integer ?? 0,
                elements.count <= schema["maxItems"]?.integer ?? .max
            else { return false }
            return elements.allSatisfy { $0.fits(schema["items"] ?? .bool(true)) }
        }
        guard let members else { return true }
        let required = schema["required"]?.elements?.compactMap(\.text) ?? []
        guard required.allSatisfy({ self[$0] != nil }) else { return false }
        return members.allSatisfy { member in
            member.value.fits(
                schema["properties"]?[member.key] ?? schema["additionalProperties"] ?? .bool(true))
        }
    }
}
