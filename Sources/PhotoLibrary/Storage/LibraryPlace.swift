import Foundation
import GRDB

/// Where a library lies, and how it is opened there.
struct LibraryPlace {
    let file: URL

    init(_ file: URL) { self.file = file }

    /// The vectors in one piece, made from the tables.
    var vectors: URL { URL(filePath: file.path + "-vectors") }

    func open(for access: Library.Access) throws -> any DatabaseWriter {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder),
            isFolder.boolValue
        {
            throw LibraryError(
                .noLibrary, "\(file.path) is a folder; name a file in it with --library.")
        }
        return switch access {
        case .writing: try openForWriting()
        case .reading: try openForReading()
        }
    }

    private func openForWriting() throws -> any DatabaseWriter {
        let folder = file.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
        } catch {
            throw LibraryError(
                .unwritable,
                "The folder \(folder.path) cannot be made; name a file elsewhere with --library.")
        }
        if isOnNetwork {
            throw LibraryError(
                .unwritable,
                "\(file.path) lies on a network file system, where SQLite cannot keep a library whole; "
                    + "name a file on a disk of this machine with --library.")
        }
        try check()
        let pool = try DatabasePool(path: file.path, configuration: Self.configuration)
        try pool.write { try Schema.migrate($0, of: file) }
        return pool
    }

    /// Refuses another program's database before opening it for writing, which would change its journal.
    private func check() throws {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
        guard let size = attributes?[.size] as? Int, size > 0 else { return }
        var configuration = Self.configuration
        configuration.readonly = true
        let queue = try DatabaseQueue(path: file.path, configuration: configuration)
        try queue.read { _ = try Schema.check($0, of: file) }
        try queue.close()
    }

    private func openForReading() throws -> any DatabaseWriter {
        var configuration = Self.configuration
        configuration.readonly = true
        let folder = file.deletingLastPathComponent().path
        let hasLog = FileManager.default.fileExists(atPath: file.path + "-wal")
        let database: any DatabaseWriter
        if !hasLog, !FileManager.default.isWritableFile(atPath: folder) {
            // SQLite could not make its files for sharing; without a log nobody can be writing either.
            database = try DatabaseQueue(path: immutableAddress, configuration: configuration)
        } else {
            database = try DatabasePool(path: file.path, configuration: configuration)
        }
        let version = try database.read { try Schema.check($0, of: file) }
        // One of an older version is read as it is: what searches need has been there from the first.
        guard version > 0 else {
            throw LibraryError(
                .missing, "\(file.path) is an empty library; fill it with: blip index FOLDER")
        }
        return database
    }

    var immutableAddress: String {
        let path = file.path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
        return "file:\(path ?? file.path)?immutable=1"
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(20)
        configuration.prepareDatabase { database in
            // With a log, what a crash of the machine loses is whole transactions, and none of a program's.
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        return configuration
    }

    /// NFS and SMB: their locks and shared memory are not what SQLite's log needs.
    private var isOnNetwork: Bool {
        let folder = file.deletingLastPathComponent().resolvingSymlinksInPath().path + "/"
        // device, place, type, ...; missing on other systems than Linux.
        guard let mounts = try? Data(contentsOf: URL(filePath: "/proc/self/mounts")) else {
            return false
        }
        var best: (place: Substring, kind: Substring) = ("", "")
        for line in String(decoding: mounts, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 2, fields[1].count >= best.place.count else { continue }
            let place = fields[1]
            if place == "/" || folder.hasPrefix("\(place)/") { best = (place, fields[2]) }
        }
        return ["nfs", "nfs4", "cifs", "smb3", "smbfs"].contains(best.kind)
    }
}
