import BlipJSON

extension Schema {
    /// How many different values it allows, as far as that is few.
    var distinctCount: Int {
        switch self {
        case .boolean: 2
        case .choice(let values): Set(values).count
        case .number(let range): range.candidates.count
        case .string(let range): range.maximum == 0 ? 1 : .max
        case .array(let items): items.maximum == 0 ? 1 : items.schema.distinctCount
        case .object(let properties):
            properties.reduce(1) { product, property in
                let (count, overflows) = product.multipliedReportingOverflow(
                    by: property.schema.distinctCount)
                return overflows ? .max : count
            }
        }
    }

    /// An upper bound of the values that are asked for, about one picture.
    var questionCount: Double {
        switch self {
        case .object(let properties): properties.reduce(1) { $0 + $1.schema.questionCount }
        case .array(let items):
            switch items.schema {
            case .choice(let values): Double(max(values.count, items.minimum))
            case .string: 1
            default:
                Double(max(items.minimum, min(items.maximum, Schema.Items.usualObjectCount)))
                    * items.schema.questionCount
            }
        case .boolean, .choice, .number, .string: 1
        }
    }

    /// Whether what it gives is of a `type`, or one of several.
    func fits(type: JSONValue) -> Bool {
        let types = type.elements?.compactMap(\.text) ?? [type.text ?? ""]
        return types.contains { name in
            switch self {
            case .object: name == "object"
            case .array: name == "array"
            case .boolean: name == "boolean"
            case .string: name == "string"
            case .number(let range): name == "number" || name == "integer" && range.isInteger
            case .choice(let values): values.allSatisfy { $0.isOf(type: name) }
            }
        }
    }
}

extension JSONValue {
    var numericValue: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// 1.0 as 1, which JSON Schema takes for the same.
    var canonical: JSONValue {
        if case .number(let number) = self { .of(number) } else { self }
    }

    /// Whether it is neither an object nor an array.
    var isPlain: Bool { members == nil && elements == nil }

    fileprivate func isOf(type: String) -> Bool {
        switch self {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .integer: type == "integer" || type == "number"
        case .number(let number):
            type == "number" || type == "integer" && number == number.rounded()
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }

    /// What a reference within the document leads to (RFC 6901), such as `#/$defs/Animal`.
    func target(of reference: String) -> JSONValue? {
        guard reference.hasPrefix("#") else { return nil }
        let pointer = (reference.dropFirst().removingPercentEncoding ?? "").split(
            separator: "/", omittingEmptySubsequences: false)
        guard pointer.first?.isEmpty ?? true else { return nil }
        var value = self
        for part in pointer.dropFirst() {
            let name = String(part.replacing("~1", with: "/").replacing("~0", with: "~"))
            if let elements = value.elements {
                guard let index = Int(name), elements.indices.contains(index) else { return nil }
                value = elements[index]
            } else {
                guard let next = value[name] else { return nil }
                value = next
            }
        }
        return value
    }
}

extension String {
    /// As a part of a JSON pointer (RFC 6901).
    var pointerEscaped: String { replacing("~", with: "~0").replacing("/", with: "~1") }
}
