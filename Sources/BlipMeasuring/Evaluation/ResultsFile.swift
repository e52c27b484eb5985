import BlipCommandSupport
import Foundation

/// What a run has finished, a JSON object a line, so that it can go on after an interruption.
///
/// The first line tells the settings; each other line is one record. A last line that was only
/// half written is dropped.
struct ResultsFile<Record: Codable> {
    private struct Header: Codable, Equatable {
        let eval: String
        let settings: [String: String]
    }

    private let path: String
    private let handle: FileHandle
    /// What an earlier run has finished.
    let records: [Record]

    /// - Parameters:
    ///   - task: what is scored, such as "captions".
    ///   - settings: what changes a record; a file of other settings is refused.
    /// - Throws: ``Failure`` where the file is not one of these or cannot be written. Then it is as
    ///   it was.
    init(_ path: String, task: String, settings: [String: String]) throws {
        self.path = path
        let file = URL(filePath: path)
        if !FileManager.default.fileExists(atPath: path),
            !FileManager.default.createFile(atPath: path, contents: nil)
        {
            throw Self.cannotWrite(path)
        }
        guard let data = try? Data(contentsOf: file),
            let handle = try? FileHandle(forUpdating: file)
        else { throw Self.cannotWrite(path) }
        self.handle = handle
        let header = Header(eval: task, settings: settings)
        let whole = data.lastIndex(of: UInt8(ascii: "\n")).map { data[...$0] } ?? Data()
        // A first line that is only begun is cut off too, but not what others wrote.
        if whole.isEmpty, !Data(try jsonLine(header).utf8).starts(with: data) {
            throw Self.foreign(path, line: 1)
        }
        records = try Self.records(in: whole, header: header, path: path)
        do {
            try handle.truncate(atOffset: UInt64(whole.count))
            try handle.seekToEnd()
        } catch { throw Self.cannotWrite(path) }
        if whole.isEmpty { try write([header]) }
    }

    /// Adds what belongs to one picture, in one piece.
    func append(_ records: [Record]) throws { try write(records) }

    private func write(_ values: [some Encodable]) throws {
        let lines = try values.map { try jsonLine($0) + "\n" }.joined()
        do { try handle.write(contentsOf: Data(lines.utf8)) } catch { throw Self.cannotWrite(path) }
    }

    private static func records(in data: Data, header: Header, path: String) throws -> [Record] {
        let decoder = JSONDecoder()
        let lines = data.split(separator: UInt8(ascii: "\n"))
        guard let first = lines.first else { return [] }
        guard let found = try? decoder.decode(Header.self, from: first) else {
            throw foreign(path, line: 1)
        }
        guard found.eval == header.eval else {
            throw Failure(
                .usage,
                "--results \(path): the file is of blip eval \(found.eval), not of "
                    + "\(header.eval); give another file.")
        }
        guard found == header else {
            throw Failure(
                .usage,
                "--results \(path): the file was begun with other settings "
                    + "(\(difference(found, header))); repeat them, or give another file.")
        }
        return try lines.dropFirst().enumerated().map { index, line in
            guard let record = try? decoder.decode(Record.self, from: line) else {
                throw foreign(path, line: index + 2)
            }
            return record
        }
    }

    private static func difference(_ found: Header, _ wanted: Header) -> String {
        let names = Set(found.settings.keys).union(wanted.settings.keys).sorted()
        return names.filter { found.settings[$0] != wanted.settings[$0] }.map {
            "\($0) was \(found.settings[$0] ?? "not given")"
        }.joined(separator: ", ")
    }

    private static func foreign(_ path: String, line: Int) -> Failure {
        Failure(
            .usage,
            "--results \(path): line \(line) was not written by this blip eval; give another file.")
    }

    private static func cannotWrite(_ path: String) -> Failure {
        Failure(
            .cannotWrite, "--results \(path) cannot be written; is its folder there, the disk full?"
        )
    }
}
