import Foundation

extension DecodingError {
    /// What is wrong with which field.
    var sentence: String {
        switch self {
        case .keyNotFound(let key, let context):
            "\(Self.name(of: context.codingPath + [key])) is missing; send it"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(Self.name(of: context.codingPath)) is of another type than docs/worker.md says; send it so"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            "\(Self.name(of: context.codingPath)): \(context.debugDescription)"
        default: "The frame's JSON cannot be read; send an object, as UTF-8"
        }
    }

    private static func name(of path: [any CodingKey]) -> String {
        let names = path.map { key in
            key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)"
        }.joined()
        return names.isEmpty ? "The frame's JSON" : String(names.drop { $0 == "." })
    }
}
