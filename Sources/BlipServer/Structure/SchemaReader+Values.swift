import BlipJSON

extension SchemaReader {
    mutating func string(
        _ value: JSONValue, _ path: Path
    ) throws(ServiceError) -> Schema {
        try count(path, needsAnswers: false)
        if let format = value["format"]?.text {
            throw path.adding("format").refused("a \(format.prefix(40)), which no picture tells")
        }
        let range = try lengths(value, path)
        guard range.minimum <= range.maximum else {
            throw path.adding("minLength").refused("a text that cannot be")
        }
        return .string(range)
    }

    func lengths(
        _ value: JSONValue, _ path: Path
    ) throws(ServiceError) -> Schema.LengthRange {
        Schema.LengthRange(
            minimum: try whole("minLength", value, path) ?? 0,
            maximum: try whole("maxLength", value, path) ?? .max)
    }

    mutating func number(
        _ value: JSONValue, _ path: Path, isInteger: Bool
    ) throws(ServiceError) -> Schema {
        try count(path, needsAnswers: true)
        var range = try range(value, path)
        range.isInteger = isInteger
        guard range.multiple ?? 1 > 0, !range.candidates.isEmpty else {
            throw path.refused("a number that cannot be")
        }
        return .number(range)
    }

    func range(_ value: JSONValue, _ path: Path) throws(ServiceError) -> NumberRange {
        var range = NumberRange()
        for key in Self.numberKeys {
            guard let limit = value[key] else { continue }
            guard let number = limit.numericValue, number.isFinite else {
                throw path.adding(key).refused("something else than a number")
            }
            range.limit(key, number)
        }
        return range
    }

    mutating func choice(
        _ values: [JSONValue], _ value: JSONValue, _ path: Path, _ key: String
    ) throws(ServiceError) -> Schema {
        var allowed = values.map(\.canonical)
        if let type = value["type"] {
            allowed = allowed.filter { Schema.choice([$0]).fits(type: type) }
        }
        let lengths = try lengths(value, path)
        let numbers = try range(value, path)
        allowed = allowed.filter { value in
            value.text.map(lengths.contains) ?? value.numericValue.map(numbers.contains) ?? true
        }
        guard !allowed.isEmpty else { throw path.adding(key).refused("a value that cannot be") }
        guard allowed.count <= Limits.choices else {
            throw path.adding(key).refused("one of more than \(Limits.choices) values")
        }
        if allowed.count > 1 {
            guard allowed.allSatisfy(\.isPlain) else {
                throw path.adding(key).refused("a choice among objects")
            }
            try count(path, needsAnswers: true)
        }
        return .choice(allowed)
    }
}

extension NumberRange {
    fileprivate mutating func limit(_ key: String, _ number: Double) {
        switch key {
        case "minimum": if number > minimum { minimum = number }
        case "maximum": if number < maximum { maximum = number }
        case "exclusiveMinimum":
            if number >= minimum { (minimum, excludesMinimum) = (number, true) }
        case "exclusiveMaximum":
            if number <= maximum { (maximum, excludesMaximum) = (number, true) }
        default: multiple = number
        }
    }
}
