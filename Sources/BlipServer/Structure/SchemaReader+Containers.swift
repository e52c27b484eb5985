import BlipJSON

extension SchemaReader {
    mutating func object(
        _ value: JSONValue, _ path: Path
    ) throws(ServiceError) -> Schema {
        let required = (value["required"]?.elements ?? []).compactMap(\.text)
        let declared = value["properties"]?.members ?? []
        var properties: [Schema.Property] = []
        var names: Set<String> = []
        for member in declared where names.insert(member.key).inserted {
            // Of a name that stands twice the last counts.
            let schema = value["properties"]?[member.key] ?? member.value
            // Of such a one nobody knows what its reader expects: Ollama's client drops types that it does
            // not know.
            if !required.contains(member.key), schema.saysNothing { continue }
            let inner = path.adding("properties", member.key)
            var attempt = self
            do {
                let read = try attempt.read(schema, inner)
                self = attempt
                properties.append(
                    .init(name: member.key, description: read.description, schema: read.schema))
            } catch {
                // What need not be there is left out.
                if required.contains(member.key) { throw error }
            }
        }
        for name in required where names.insert(name).inserted {
            let more = value["additionalProperties"] ?? .bool(true)
            let read = try read(more, path.adding("additionalProperties"))
            properties.append(.init(name: name, description: read.description, schema: read.schema))
        }
        try checkCount(of: properties, value, path)
        return .object(properties)
    }

    func checkCount(
        of properties: [Schema.Property], _ value: JSONValue, _ path: Path
    ) throws(ServiceError) {
        if let minimum = value["minProperties"], properties.count < minimum.integer ?? .max {
            throw path.adding("minProperties").refused("more properties than it names")
        }
        if let maximum = value["maxProperties"], properties.count > maximum.integer ?? 0 {
            throw path.adding("maxProperties").refused("fewer properties than it names")
        }
    }

    mutating func array(
        _ value: JSONValue, _ path: Path
    ) throws(ServiceError) -> Schema {
        let minimum = try whole("minItems", value, path) ?? 0
        let maximum = try whole("maxItems", value, path) ?? .max
        guard minimum <= min(maximum, Limits.texts) else {
            throw path.adding("minItems").refused("more items than may be")
        }
        let items = value["items"] ?? .bool(true)
        let areUnique = value["uniqueItems"]?.flag ?? false
        // An array that must be empty has no items to be read.
        if maximum == 0 || items == .bool(false) {
            guard minimum == 0 else { throw path.adding("items").refused("items that cannot be") }
            let none = Schema.choice([.null])
            return .array(
                .init(description: nil, schema: none, minimum: 0, maximum: 0, areUnique: false))
        }
        let read = try read(items, path.adding("items"))
        if areUnique, minimum > read.schema.distinctCount {
            throw path.adding("minItems").refused("more different items than there are")
        }
        return .array(
            .init(
                description: read.description, schema: read.schema, minimum: minimum,
                maximum: maximum, areUnique: areUnique))
    }
}

extension JSONValue {
    /// Whether it is a schema with neither a type nor a description.
    fileprivate var saysNothing: Bool {
        guard let members else { return self == .bool(true) }
        return members.allSatisfy { $0.value == .null || ["title", "default"].contains($0.key) }
    }
}
