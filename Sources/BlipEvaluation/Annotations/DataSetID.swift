/// What a data set calls a picture or a question: a number or a text, of which 7 and "7" are the
/// same.
package struct DataSetID: Codable, Hashable, Sendable, CustomStringConvertible {
    /// The number or text, without quotation marks.
    package let description: String

    /// - Parameter description: the number or text, without quotation marks.
    package init(_ description: String) { self.description = description }

    /// Reads a number or a text.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            description = String(number)
        } else {
            description = try container.decode(String.self)
        }
    }

    /// Writes a number where it is one, as the data sets' own tools want it.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let number = Int(description), String(number) == description {
            try container.encode(number)
        } else {
            try container.encode(description)
        }
    }
}
