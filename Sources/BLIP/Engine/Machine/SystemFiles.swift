import Foundation

/// The files by which Linux tells of itself, below a root that tests may choose.
struct SystemFiles {
    let root: URL

    /// A file's text without the white space around it; `nil` where there is none.
    func text(_ path: String) -> String? {
        // Their length is told as 0 or a page: read to the end.
        guard let file = FileHandle(forReadingAtPath: root.appending(path: path).path),
            let bytes = try? file.readToEnd()
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func number(_ path: String) -> Int? { text(path).flatMap { Int($0) } }

    /// A list such as `0-3,8`; `nil` where there is none.
    func numbers(_ path: String) -> [Int]? { text(path).map(Self.numbers) }

    static func numbers(_ list: String) -> [Int] {
        list.split(separator: ",").flatMap { part -> [Int] in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first >= 0, first <= last,
                last < largestNumber
            else { return [] }
            return Array(first...last)
        }
    }

    /// More processors than Linux can have.
    private static let largestNumber = 65_536

    /// Names in a folder that are a prefix and a number.
    func entries(of folder: String, _ prefix: String) -> [Int] {
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: root.appending(path: folder).path)
        return (names ?? []).filter { $0.hasPrefix(prefix) }
            .compactMap { Int($0.dropFirst(prefix.count)) }.sorted()
    }

    /// The value behind a name in a file of lines such as `MemAvailable: 1024 kB`.
    func field(_ name: String, in path: String) -> Int? {
        text(path)?.split(separator: "\n").lazy
            .map { $0.split { " :\t".contains($0) } }
            .first { $0.first.map(String.init) == name }?
            .dropFirst().first.flatMap { Int($0) }
    }

    /// Bytes that could be taken without swapping.
    var availableMemory: Int? {
        field("MemAvailable", in: "proc/meminfo").flatMap {
            $0.multipliedReportingOverflow(by: 1024).overflow ? nil : $0 * 1024
        }
    }
}
