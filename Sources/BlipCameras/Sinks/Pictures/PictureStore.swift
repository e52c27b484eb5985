import BLIP
import Foundation

/// A folder of events' pictures: a folder a day, and in it the newest within a limit of bytes and of age. It
/// removes no file but its own, which it knows by their names.
struct PictureStore {
    private struct Entry {
        /// `2026-11-27/203100.250-door-open.jpg`: sorts by time.
        let path: String
        let bytes: Int
    }

    let folder: URL
    private let maximumBytes: Int
    private let maximumAge: TimeInterval
    private var entries: [Entry] = []
    private(set) var bytes = 0

    init(_ configuration: PicturesConfiguration) {
        folder = configuration.folder
        maximumBytes = configuration.maximumMegabytes * 1_000_000
        maximumAge = TimeInterval(configuration.maximumDays) * 86_400
        let files = FileManager.default
        for day in (try? files.contentsOfDirectory(atPath: folder.path)) ?? []
        where day.wholeMatch(of: /\d{4}-\d\d-\d\d/) != nil {
            Draft.removeLeft(in: folder.appending(path: day), of: Self.isPicture)
            let names = try? files.contentsOfDirectory(atPath: folder.appending(path: day).path)
            for name in names ?? [] where Self.isPicture(name) {
                let path = "\(day)/\(name)"
                let size = try? folder.appending(path: path).resourceValues(forKeys: [.fileSizeKey])
                entries.append(Entry(path: path, bytes: size?.fileSize ?? 0))
            }
        }
        entries.sort { $0.path < $1.path }
        bytes = entries.reduce(0) { $0 + $1.bytes }
    }

    var count: Int { entries.count }

    /// - Throws: what the disk says; nothing is left of the picture then.
    mutating func add(_ jpeg: Data, of event: CameraEvent) throws {
        let path = Self.path(of: event)
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        // The old give way first: the disk may be full of them.
        prune(now: event.time, room: jpeg.count)
        try Draft.write(jpeg, to: file)
        let place = entries.lastIndex { $0.path <= path }.map { $0 + 1 } ?? 0
        if place > 0, entries[place - 1].path == path {
            bytes -= entries.remove(at: place - 1).bytes
            entries.insert(Entry(path: path, bytes: jpeg.count), at: place - 1)
        } else {
            entries.insert(Entry(path: path, bytes: jpeg.count), at: place)
        }
        bytes += jpeg.count
    }

    /// Removes what is too old, and the oldest until there is room.
    mutating func prune(now: Date, room: Int = 0) {
        let oldest = Self.stamp(of: now.addingTimeInterval(-maximumAge))
        var gone = 0
        for entry in entries {
            guard entry.path < oldest || bytes + room > maximumBytes else { break }
            let file = folder.appending(path: entry.path)
            try? FileManager.default.removeItem(at: file)
            // Only where nothing is left in it.
            rmdir(file.deletingLastPathComponent().path)
            bytes -= entry.bytes
            gone += 1
        }
        entries.removeFirst(gone)
    }

    private static func isPicture(_ name: String) -> Bool {
        name.wholeMatch(of: /\d{6}\.\d{3}-[A-Za-z0-9_\-]+\.jpg/) != nil
    }

    private static func path(of event: CameraEvent) -> String {
        let state = String(
            event.state.unicodeScalars.map {
                ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                    ? Character($0) : "_"
            }.prefix(40))
        return "\(stamp(of: event.time))-\(event.sensor)-\(state.isEmpty ? "_" : state).jpg"
    }

    /// `2026-11-27/203100.250`, in UTC.
    private static func stamp(of time: Date) -> String {
        let parts = time.eventTime.split(separator: "T")
        let clock = (parts.last ?? "").filter { $0.isNumber || $0 == "." }
        return "\(parts.first ?? "")/\(clock)"
    }
}
