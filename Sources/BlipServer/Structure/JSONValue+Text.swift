import BlipJSON
import Foundation

extension JSONValue {
    /// A number, whole where it is.
    static func of(_ number: Double) -> JSONValue {
        Int(exactly: number).map(JSONValue.integer) ?? .number(number)
    }

    /// The value as JSON, without spaces; members keep their order.
    var json: String {
        switch self {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): "\(number)"
        // JSON has neither infinity nor NaN.
        case .number(let number): number.isFinite ? "\(number)" : "null"
        case .string(let text): text.jsonQuoted
        case .array(let elements): "[" + elements.map(\.json).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { $0.key.jsonQuoted + ":" + $0.value.json }.joined(separator: ",")
                + "}"
        }
    }

    /// As one says it: `left_of` is "left of".
    var spoken: String {
        switch self {
        case .null: "none"
        case .bool(let flag): flag ? "yes" : "no"
        case .string(let text) where text.isBlank: "none"
        case .string(let text):
            text.contains(where: \.isWhitespace) || FieldName(text).words.isEmpty
                ? text : FieldName(text).text
        default: json
        }
    }
}

extension String {
    fileprivate var jsonQuoted: String {
        var quoted = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

/// A JSON value within a record.
struct JSONRecord: Encodable, Sendable {
    let value: JSONValue

    func encode(to encoder: any Encoder) throws {
        switch value {
        case .object(let members):
            var container = encoder.container(keyedBy: Name.self)
            for member in members {
                try container.encode(
                    JSONRecord(value: member.value), forKey: Name(stringValue: member.key))
            }
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(JSONRecord(value: element)) }
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let flag): try flag.encode(to: encoder)
        case .integer(let number): try number.encode(to: encoder)
        case .number(let number): try number.encode(to: encoder)
        case .string(let text): try text.encode(to: encoder)
        }
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
