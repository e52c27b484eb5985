/// A number or a text, as data sets name their pictures and questions; "7" and 7 are the same.
struct Identifier: Codable, Hashable, CustomStringConvertible {
    let description: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            description = String(number)
        } else {
            description = try container.decode(String.self)
        }
    }

    /// A number where it is one, as the data sets' own tools want it.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let number = Int(description), String(number) == description {
            try container.encode(number)
        } else {
            try container.encode(description)
        }
    }
}
