/// A JSON text's value. Unlike Foundation's parsers it keeps every member of an object in order:
/// as keys of a dictionary, canonically equivalent tokens would be one, and a repeated key unseen.
enum JSONValue: Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    struct Member: Equatable {
        var key: String
        var value: JSONValue
    }

    /// The last member of that key, if this is an object.
    subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    var isNull: Bool { self == .null }

    var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var flag: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    /// A whole number of at most 32 bits, as the reference's ids are.
    var integer: Int? {
        guard case .number(let number) = self else { return nil }
        return UInt32(exactly: number).map(Int.init)
    }
}
