import BlipPictures
import Foundation
import GRDB

/// Which pictures a query may find, in SQL.
struct SearchFilter {
    private var conditions: [String] = []
    private var arguments = StatementArguments()
    /// The folder that files lie in, by each of its paths; none where any will do.
    private var folders: [RawPath] = []

    var isEmpty: Bool { conditions.isEmpty }

    /// Whether a picture's file lies where the query wants it.
    func contains(_ file: RawPath) -> Bool {
        folders.isEmpty || folders.contains { $0.contains(file) }
    }

    /// - Throws: ``LibraryError`` for what is no date.
    init(_ query: SearchQuery) throws {
        if let since = query.since {
            conditions.append("\(Photo.dateExpression) >= ?")
            arguments += [try Self.date(since)]
        }
        if let until = query.until {
            let date = try Self.date(until)
            // All of a year comes before its end: only as much of a date counts as was given.
            conditions.append("substr(\(Photo.dateExpression), 1, ?) <= ?")
            arguments += [date.count, date]
        }
        if let folder = query.folder {
            let given = RawPath(folder).absolute
            // What lies behind a link has its path with the link.
            folders = [given] + [given.canonical].compactMap { $0 == given ? nil : $0 }
            let isBelow = folders.map { _ in "path = ? OR (path >= ? AND path < ?)" }
            conditions.append(
                """
                picture.id IN (SELECT picture FROM file WHERE \(isBelow.joined(separator: " OR ")))
                """)
            for path in folders {
                let below = Self.range(below: path)
                arguments += [Data(path.bytes), below.first, below.end]
            }
        }
    }

    /// Paths of what lies in a folder, which are greater than its own with a slash, and smaller than with what
    /// comes after a slash.
    static func range(below folder: RawPath) -> (first: Data, end: Data) {
        var path = folder.bytes
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        return (Data(path + [UInt8(ascii: "/")]), Data(path + [UInt8(ascii: "/") + 1]))
    }

    private static func date(_ text: String) throws -> String {
        let pattern = #/[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?)?)?/#
        guard text.wholeMatch(of: pattern) != nil, isInCalendar(text) else {
            throw LibraryError(
                .invalidQuery,
                "\"\(text)\" is no date; give a year, a month or a day, such as 2026-11-27.")
        }
        return text
    }

    private static func isInCalendar(_ text: String) -> Bool {
        let numbers = text.split { "-T:".contains($0) }.map { Int($0) }
        func number(_ place: Int, else least: Int) -> Int? {
            place < numbers.count ? numbers[place] : least
        }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return DateComponents(
            year: number(0, else: 1), month: number(1, else: 1), day: number(2, else: 1),
            hour: number(3, else: 0), minute: number(4, else: 0), second: number(5, else: 0)
        ).isValidDate(in: calendar)
    }

    /// Numbers of vectors, in order; `nil` where all are allowed.
    func vectors(in database: Database) throws -> [Int64]? {
        if isEmpty { return nil }
        return try Int64.fetchAll(
            database,
            sql: """
                SELECT vector.id FROM vector JOIN picture ON picture.id = vector.picture \
                WHERE \(joined) ORDER BY vector.id
                """, arguments: arguments)
    }

    /// The latest pictures.
    func latest(_ count: Int, in database: Database) throws -> [Int64] {
        try Int64.fetchAll(
            database,
            sql: """
                SELECT id FROM picture WHERE \(isEmpty ? "TRUE" : joined) \
                ORDER BY \(Photo.dateExpression) DESC, id DESC LIMIT ?
                """, arguments: arguments + [count])
    }

    /// Pictures whose words fit, best first.
    func pictures(matching words: TextQuery, _ count: Int, in database: Database) throws -> [Int64]
    {
        let rest =
            isEmpty ? "" : "AND rowid IN (SELECT picture.id FROM picture WHERE \(joined))"
        return try Int64.fetchAll(
            database,
            sql: """
                SELECT rowid FROM picture_text WHERE picture_text MATCH ? \(rest) \
                ORDER BY bm25(picture_text, 3.0, 4.0, 3.0, 1.0), rowid LIMIT ?
                """, arguments: [words.expression] + arguments + [count])
    }

    private var joined: String { conditions.joined(separator: " AND ") }
}
