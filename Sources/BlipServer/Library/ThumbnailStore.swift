import BLIP
import BlipPictures
import Foundation
import NIOPosix

/// Small upright pictures of a library, each made once and kept on disk.
actor ThumbnailStore {
    /// Of the longer side.
    static let side = 400

    private let folder: URL?
    private let options: PictureOptions
    private var running: [String: Task<[UInt8], any Error>] = [:]

    /// - Parameters:
    ///   - folder: where they are kept; `nil` for nowhere.
    ///   - acceptsMoreFormats: whether pictures may be HEIC and the like.
    init(folder: URL?, acceptsMoreFormats: Bool) {
        self.folder = folder
        var options = PictureOptions()
        options.maximumPixels = Limits.pixels
        options.detail = .fast(side: Self.side)
        options.acceptsMoreFormats = acceptsMoreFormats
        self.options = options
    }

    /// The picture as a JPEG.
    func thumbnail(of file: PhotoFile) async throws -> [UInt8] {
        let key = file.contentKey
        // Those who ask for the same one wait for it together.
        if let task = running[key] { return try await task.value }
        let task = Task { [folder, options] in
            // A decoded picture may take 300 MB: only as many as there are threads exist at a time.
            try await NIOThreadPool.singleton.runIfActive {
                try Self.readOrMake(file, in: folder, options)
            }
        }
        running[key] = task
        defer { running[key] = nil }
        return try await task.value
    }

    private static func readOrMake(
        _ file: PhotoFile, in folder: URL?, _ options: PictureOptions
    ) throws -> [UInt8] {
        let place = folder.map { Self.place(of: file.contentKey, in: $0) }
        if let place, let kept = try? Data(contentsOf: place), kept.starts(with: [0xFF, 0xD8]) {
            return Array(kept)
        }
        let picture = try Picture(contentsOf: file.url, options: options)
        let scale = min(1, Double(side) / Double(max(picture.width, picture.height)))
        let small = try picture.resized(
            width: max(1, Int((Double(picture.width) * scale).rounded())),
            height: max(1, Int((Double(picture.height) * scale).rounded())))
        let jpeg = try small.jpeg(quality: 80)
        if let place {
            // Whatever keeps it from being written, it can be made again.
            try? FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try? Draft.write(jpeg, to: place)
        }
        return Array(jpeg)
    }

    /// Of plain letters and digits, whatever the key has; 256 folders, so that none has too many.
    private static func place(of key: String, in folder: URL) -> URL {
        let name = key.utf8.map { byte in
            (48...57).contains(byte) || (97...122).contains(byte)
                ? String(UnicodeScalar(byte)) : "-" + String(byte, radix: 16)
        }.joined()
        return folder.appending(path: "\(name.prefix(2))/\(name.prefix(200))-\(side).jpg")
    }
}
