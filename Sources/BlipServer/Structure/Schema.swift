import BlipJSON

/// What a JSON schema (2020-12, and what of draft 7 differs) asks of a picture; of what it allows, the part
/// that is filled.
indirect enum Schema: Sendable, Hashable {
    case object([Property])
    case array(Items)
    /// `enum`, `const` and null: one of a closed list.
    case choice([JSONValue])
    case boolean
    case number(NumberRange)
    case string(LengthRange)

    struct Property: Sendable, Hashable {
        let name: String
        let description: String?
        let schema: Schema
    }

    struct Items: Sendable, Hashable {
        let description: String?
        let schema: Schema
        let minimum: Int
        let maximum: Int
        let areUnique: Bool

        /// As many texts, and objects, as a list has at most that may have more.
        static let usualCount = 10
        static let usualObjectCount = 5
    }

    /// In code points, as JSON Schema counts.
    struct LengthRange: Sendable, Hashable {
        var minimum = 0
        var maximum = Int.max
    }
}

/// A schema with what it says of itself.
struct DescribedSchema: Sendable, Hashable {
    var description: String?
    var schema: Schema
}

extension Schema.LengthRange {
    func contains(_ text: String) -> Bool {
        let length = text.unicodeScalars.count
        return length >= minimum && length <= maximum
    }
}
