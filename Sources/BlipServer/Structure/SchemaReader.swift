import BlipJSON

/// Reads a JSON schema into what a picture can fill, and refuses the rest with its path.
struct SchemaReader {
    let root: JSONValue
    /// Of the model.
    private let canAnswer: Bool
    /// Values that are asked for: those of an array's items once.
    private var valueCount = 0

    /// - Parameter canAnswer: whether the model answers questions; without that it only has texts.
    /// - Throws: ``ServiceError`` with the path of what a picture model cannot give.
    static func read(_ root: JSONValue, canAnswer: Bool) throws(ServiceError) -> DescribedSchema {
        var reader = SchemaReader(root: root, canAnswer: canAnswer)
        return try reader.read(root, Path())
    }

    private init(root: JSONValue, canAnswer: Bool) {
        self.root = root
        self.canAnswer = canAnswer
    }

    /// Where in the schema, and through which references.
    struct Path {
        var text = "#"
        var references: Set<String> = []
        var depth = 0

        func adding(_ names: String...) -> Path {
            var path = self
            path.depth += 1
            for name in names { path.text += "/" + name.pointerEscaped }
            return path
        }

        func refused(_ why: String) -> ServiceError {
            ServiceError(
                .badRequest, "schema_unsupported",
                "The schema at \(text.prefix(200)) asks for \(why); leave it out or ask otherwise")
        }
    }

    mutating func read(
        _ value: JSONValue, _ path: Path
    ) throws(ServiceError) -> DescribedSchema {
        if value == .bool(true) { return DescribedSchema(schema: try string(value, path)) }
        guard value.members != nil else { throw path.refused("nothing that can be") }
        guard path.depth <= 24 else { throw path.refused("too many levels") }
        if let reference = value["$ref"] { return try follow(reference, beside: value, path) }
        try refuseUnsupported(value, path)
        var described = DescribedSchema(
            description: value["description"]?.text, schema: try kind(of: value, path))
        if described.description == nil, case .object = described.schema {
            described.description = value["title"]?.text
        }
        return described
    }

    mutating func follow(
        _ reference: JSONValue, beside value: JSONValue, _ path: Path
    ) throws(ServiceError) -> DescribedSchema {
        guard let pointer = reference.text, let target = root.target(of: pointer) else {
            throw path.adding("$ref").refused("what is not in the schema")
        }
        guard !path.references.contains(pointer) else {
            throw path.adding("$ref").refused("itself, without an end")
        }
        var inner = path
        inner.references.insert(pointer)
        inner.text = pointer
        inner.depth += 1
        let others = (value.members ?? []).filter { !Self.annotations.contains($0.key) }
        guard others.allSatisfy({ $0.key == "$ref" }) else {
            throw path.refused("more than what $ref leads to")
        }
        var described = try read(target, inner)
        described.description = value["description"]?.text ?? described.description
        return described
    }

    mutating func kind(
        of value: JSONValue, _ path: Path
    ) throws(ServiceError) -> Schema {
        if let constant = value["const"] { return try choice([constant], value, path, "const") }
        if let values = value["enum"] {
            return try choice(values.elements ?? [], value, path, "enum")
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            guard let branches = value[key]?.elements else { continue }
            return try self.branches(branches, of: value, path.adding(key), key)
        }
        switch value["type"] {
        case nil: return try inferredKind(of: value, path)
        case .string(let type)?: return try kind(type, value, path)
        case .array(let types)?:
            let names = types.compactMap(\.text)
            guard names.count == types.count else { break }
            let schema = try firstPossible(names.filter { $0 != "null" }) {
                (name, reader) throws(ServiceError) in try reader.kind(name, value, path)
            }
            if let schema { return schema }
            return try kind("null", value, path)
        default: break
        }
        throw path.adding("type").refused("a type that is none")
    }

    mutating func inferredKind(
        of value: JSONValue, _ path: Path
    ) throws(ServiceError) -> Schema {
        let has = { (keys: [String]) in keys.contains { value[$0] != nil } }
        if has(["properties", "required", "additionalProperties"]) {
            return try object(value, path)
        }
        if has(["items", "minItems", "maxItems"]) { return try array(value, path) }
        if has(Self.numberKeys) { return try number(value, path, isInteger: false) }
        return try string(value, path)
    }

    mutating func kind(
        _ type: String, _ value: JSONValue, _ path: Path
    ) throws(ServiceError) -> Schema {
        switch type {
        case "object": return try object(value, path)
        case "array": return try array(value, path)
        case "string": return try string(value, path)
        case "integer": return try number(value, path, isInteger: true)
        case "number": return try number(value, path, isInteger: false)
        case "boolean":
            try count(path, needsAnswers: true)
            return .boolean
        case "null": return .choice([.null])
        default: throw path.adding("type").refused("\(type.prefix(40)), which is no type")
        }
    }

    mutating func count(_ path: Path, needsAnswers: Bool) throws(ServiceError) {
        valueCount += 1
        guard valueCount <= Limits.texts else {
            throw path.refused("more than \(Limits.texts) values")
        }
        if needsAnswers, !canAnswer {
            throw path.refused("an answer, and this model only writes captions")
        }
    }

    func whole(
        _ key: String, _ value: JSONValue, _ path: Path
    ) throws(ServiceError) -> Int? {
        guard let limit = value[key] else { return nil }
        guard let number = limit.numericValue, number >= 0, let whole = Int(exactly: number) else {
            throw path.adding(key).refused("something else than a whole number")
        }
        return whole
    }

    func refuseUnsupported(_ value: JSONValue, _ path: Path) throws(ServiceError) {
        for member in value.members ?? [] where Self.unsupported.contains(member.key) {
            throw path.adding(member.key).refused("what a picture model cannot promise")
        }
    }

    static let numberKeys = [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    ]
    private static let unsupported: Set<String> = [
        "pattern", "not", "if", "then", "else", "patternProperties", "propertyNames", "contains",
        "prefixItems", "additionalItems", "dependentRequired", "dependentSchemas", "dependencies",
        "unevaluatedItems", "unevaluatedProperties", "$dynamicRef", "$recursiveRef",
        "contentEncoding",
    ]
    /// Say something and demand nothing.
    static let annotations: Set<String> = [
        "title", "description", "default", "examples", "example", "deprecated", "readOnly",
        "writeOnly",
        "$comment", "$schema", "$id", "$defs", "definitions", "discriminator", "nullable",
    ]
}
