import BlipJSON

/// A value that fits its schema, and how likely it is.
struct Filling: Sendable {
    let value: JSONValue
    /// By the value's JSON pointer (RFC 6901), in the order of the document.
    private(set) var probabilities: [(pointer: String, probability: Double)]

    init(_ value: JSONValue, _ probability: Double, at pointer: String) {
        self.value = value
        probabilities = [(pointer, probability)]
    }

    init(_ value: JSONValue, joining fillings: [Filling]) {
        self.value = value
        probabilities = fillings.flatMap(\.probabilities)
    }

    /// The mean of its values'.
    var probability: Double {
        guard !probabilities.isEmpty else { return 1 }
        return probabilities.reduce(0) { $0 + $1.probability } / Double(probabilities.count)
    }
}
