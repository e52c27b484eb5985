import Foundation

/// Reads a data set's JSON.
enum AnnotationFile {
    static func read<Value: Decodable>(_ path: String, as type: Value.Type) throws -> Value {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw Failure(.usage, "\(path) cannot be read; give the data set's JSON file.")
        }
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw Failure(.usage, "\(path): \(error.sentence).")
        }
    }
}

extension DecodingError {
    /// What is wrong, and where.
    fileprivate var sentence: String {
        switch self {
        case .keyNotFound(let key, let context):
            "\(Self.place(context.codingPath)) has no \"\(key.stringValue)\", which the data set's "
                + "format wants; give another file"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(Self.place(context.codingPath)) is not of the type that the data set's format "
                + "wants; give another file"
        case .dataCorrupted: "the file is no JSON, or only the beginning of some; fetch it again"
        @unknown default: "the file cannot be understood; fetch it again"
        }
    }

    /// images[3].file_name, or the file itself.
    private static func place(_ path: [any CodingKey]) -> String {
        guard !path.isEmpty else { return "the file" }
        return path.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }
}
