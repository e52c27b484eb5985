import BLIP
import BlipDemoModel
import Foundation
import PhotoLibrary

/// Searches for `make bench-library`: one process for many queries, as a server has it.
///
/// Arguments: `vectors LIBRARY QUERIES COUNT`, where QUERIES has 256 floats a query, or `scenes LIBRARY TEXTS`, where
/// TEXTS is a JSON list of objects of `text` and `file`. Prints a JSON object a query, and one of `peak_mb` at the end.
@main
struct BenchmarkLibrary {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 3 else {
            throw Failure(
                description: "usage: BenchmarkLibrary vectors|scenes LIBRARY FILE [COUNT]")
        }
        let library = try Library(at: URL(filePath: arguments[2]))
        let file = URL(filePath: arguments[3])
        switch arguments[1] {
        case "vectors":
            try searchVectors(
                library, file, count: arguments.count > 4 ? Int(arguments[4]) ?? 10 : 10)
        default: try await searchScenes(library, file)
        }
        say(Peak(peakMb: peakMegabytes))
    }

    private static func searchVectors(_ library: Library, _ file: URL, count: Int) throws {
        let values = try Data(contentsOf: file).withUnsafeBytes {
            Array($0.bindMemory(to: Float.self))
        }
        let queries = stride(from: 0, to: values.count, by: 256).map {
            Embedding(Array(values[$0..<min($0 + 256, values.count)]))
        }
        // The file cache is warm, and the file of vectors mapped.
        for query in queries.prefix(3) { _ = try library.search(SearchQuery(vector: query)) }
        for query in queries {
            let start = ContinuousClock.now
            let hits = try library.search(SearchQuery(vector: query, limit: count))
            say(
                Found(
                    milliseconds: (ContinuousClock.now - start).milliseconds, ids: hits.map(\.id)))
        }
    }

    private static func searchScenes(_ library: Library, _ file: URL) async throws {
        let scenes = try JSONDecoder().decode([Scene].self, from: Data(contentsOf: file))
        let model = try LibraryModel(
            folder: DemoModel.folder, options: RuntimeOptions(device: "CPU"))
        for scene in scenes {
            var query = try await model.query(scene.text)
            query.limit = 16
            let joined = try library.search(query)
            let reranked = try await model.rerank(joined, by: scene.text, atLeast: 0)
            query.text = nil
            let vectors = try library.search(query)
            let rank = { (hits: [SearchHit]) in
                hits.firstIndex { $0.photo.file.lastPathComponent == scene.file }
            }
            say(Ranks(vectors: rank(vectors), joined: rank(joined), reranked: rank(reranked.hits)))
        }
    }

    private struct Scene: Decodable {
        let text: String
        let file: String
    }
    private struct Found: Encodable {
        let milliseconds: Double
        let ids: [Int64]
    }
    private struct Ranks: Encodable {
        let vectors: Int?
        let joined: Int?
        let reranked: Int?
    }
    private struct Peak: Encodable { let peakMb: Double }
    private struct Failure: Error, CustomStringConvertible { let description: String }

    private static func say(_ record: some Encodable) {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        guard let data = try? encoder.encode(record) else { return }
        print(String(decoding: data, as: UTF8.self))
    }

    /// Resident at most, the mapped vectors included.
    private static var peakMegabytes: Double {
        #if os(Linux)
            // Not getrusage's: that begins with what the program had that started this one.
            let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
            return kilobytes.flatMap { Double($0) }.map { $0 * 1024 / 1e6 } ?? 0
        #else
            var usage = rusage()
            getrusage(RUSAGE_SELF, &usage)
            return Double(usage.ru_maxrss) / 1e6
        #endif
    }
}

extension Duration {
    fileprivate var milliseconds: Double { self / .milliseconds(1) }
}
