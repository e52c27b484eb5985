import Foundation
import Testing

/// Pictures, and what Pillow reads from them: recorded by Tools/picture-reference/table.py.
enum PillowTable {
    struct Row: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let width: Int
        let height: Int
        let tolerance: Int
        let file: Data
        let rgb: Data
        var testDescription: String { name }
    }

    /// The recorded table, or another one that `PICTURE_TABLE` names; empty where it cannot be read.
    static let rows: [Row] = {
        let other = ProcessInfo.processInfo.environment["PICTURE_TABLE"]
        let file = other.map { URL(filePath: $0) } ?? Fixture.url("table.jsonl")
        guard let lines = try? Data(contentsOf: file).split(separator: UInt8(ascii: "\n")) else {
            return []
        }
        return lines.compactMap { try? JSONDecoder().decode(Row.self, from: $0) }
    }()
}
