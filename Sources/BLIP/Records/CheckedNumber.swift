/// A number that its type can hold.
///
/// Foundation's decoder calls JSON with another number broken, without saying where it stands.
private struct CheckedNumber<Number: Decodable>: Decodable {
    let value: Number

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            value = try container.decode(Number.self)
        } catch let error where !(error is DecodingError) {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: Number.self == Float.self
                    ? "the number is too large; send another"
                    : "the number is too large, below zero or no whole one; send another")
        }
    }
}

// What the compiler writes for a type that is Decodable uses these instead of the library's.
extension KeyedDecodingContainer {
    package func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? {
        try decodeIfPresent(CheckedNumber<Float>.self, forKey: key)?.value
    }

    package func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        try decodeIfPresent(CheckedNumber<Int>.self, forKey: key)?.value
    }

    package func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? {
        try decodeIfPresent(CheckedNumber<UInt64>.self, forKey: key)?.value
    }

    package func decode(_ type: [Int].Type, forKey key: Key) throws -> [Int] {
        try decode([CheckedNumber<Int>].self, forKey: key).map(\.value)
    }
}
