import BLIP
import Foundation

/// Events on disk that are not posted yet, the oldest first: they outlive the program.
struct WebhookQueue {
    struct Entry: Sendable, Hashable {
        /// In the order of the events; also the file's name.
        let number: Int
        let id: String
        let body: Data
    }

    private struct Record: Codable {
        let id: String
        let body: String
    }

    private let folder: URL?
    private let limit: Int
    private var numbers: [Int]
    /// What the disk has no room for.
    private var kept: [Int: Entry] = [:]
    private var last: Int

    /// - Parameters:
    ///   - folder: is made when the first event waits; `nil` for memory alone.
    ///   - limit: the most events that wait.
    init(folder: URL?, limit: Int) {
        self.folder = folder
        self.limit = limit
        if let folder { Draft.removeLeft(in: folder) { Self.number($0) != nil } }
        let names = folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0.path) }
        numbers = (names ?? []).compactMap(Self.number).sorted()
        last = numbers.last ?? 0
    }

    var count: Int { numbers.count }

    /// - Returns: how many of the oldest gave way.
    /// - Throws: what the disk says; the event waits in memory then.
    mutating func append(id: String, body: Data) throws -> Int {
        var dropped = 0
        while numbers.count >= limit, let oldest = numbers.first {
            remove(oldest)
            dropped += 1
        }
        last += 1
        numbers.append(last)
        let entry = Entry(number: last, id: id, body: body)
        guard let folder else {
            kept[last] = entry
            return dropped
        }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let record = Record(id: id, body: String(decoding: body, as: UTF8.self))
            try Draft.write(JSONEncoder().encode(record), to: file(last, in: folder))
        } catch {
            kept[last] = entry
            throw error
        }
        return dropped
    }

    /// The oldest that can be read.
    mutating func first() -> Entry? {
        while let number = numbers.first {
            if let entry = kept[number] { return entry }
            if let folder, let data = try? Data(contentsOf: file(number, in: folder)),
                let record = try? JSONDecoder().decode(Record.self, from: data)
            {
                return Entry(number: number, id: record.id, body: Data(record.body.utf8))
            }
            remove(number)
        }
        return nil
    }

    mutating func remove(_ number: Int) {
        numbers.removeAll { $0 == number }
        if kept.removeValue(forKey: number) == nil, let folder {
            try? FileManager.default.removeItem(at: file(number, in: folder))
        }
    }

    private func file(_ number: Int, in folder: URL) -> URL {
        let digits = String(number)
        let name = String(repeating: "0", count: max(0, 12 - digits.count)) + digits
        return folder.appending(path: "event-\(name).json")
    }

    /// `nil` for files that are none of the queue's.
    private static func number(_ name: String) -> Int? {
        name.wholeMatch(of: /event-([0-9]{12,18})\.json/).flatMap { Int($0.1) }
    }
}
