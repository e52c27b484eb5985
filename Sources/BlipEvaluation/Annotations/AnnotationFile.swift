import Foundation

/// Reads a data set's JSON.
enum AnnotationFile {
    /// - Parameter name: the file's, for the error.
    static func decode<Value: Decodable>(
        _ json: Data, as type: Value.Type, name: String
    ) throws(EvaluationError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: json)
        } catch {
            let sentence = (error as? DecodingError)?.sentence ?? "the file cannot be understood"
            throw EvaluationError(.invalidAnnotations, "\(name): \(sentence)")
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
