import BLIP
import BlipPictures
import Crypto
import Foundation

/// A picture's file as it was read: once, for its hash, its header and its pixels.
struct PictureContent: Sendable {
    let bytes: [UInt8]
    let hash: [UInt8]
    let stamp: FileStamp

    /// - Throws: `PictureError`, also for a file that changes while it is read.
    init(of path: RawPath, limit: Int) throws(PictureError) {
        var options = PictureOptions()
        options.maximumBytes = limit
        options.acceptsMoreFormats = true
        let reader = FileBytes(for: options)
        for _ in 0..<Self.attempts {
            let before = FileStamp(of: path)
            let bytes = try reader.read(path)
            if let before, let after = FileStamp(of: path), before == after,
                Int64(bytes.count) == after.size || FileBytes.mediaType(bytes.prefix(512)) == nil
            {
                self.bytes = bytes
                hash = Array(SHA256.hash(data: bytes))
                stamp = after
                return
            }
        }
        throw PictureError(
            .unreadableFile,
            "\(path) changes while it is read; index again when whatever writes it has ended.")
    }

    private static let attempts = 3

    struct Details: Sendable {
        let width: Int
        let height: Int
        /// `2026-11-27T20:15:00`.
        let taken: String?
        let words: ExistingWords
    }

    func details(name: String) throws(PictureError) -> Details {
        let header = try PictureHeader(bytes: bytes, name: name)
        var words = header.xmp.flatMap { try? ExistingWords(xmp: $0) } ?? .init()
        if let iptc = header.iptc { words.add(ExistingWords(iptc: iptc)) }
        if let text = header.imageDescription?.trimmed, !text.isEmpty,
            !FileWords.isCamerasOwn(text)
        {
            words.add(ExistingWords(description: text))
        }
        return Details(
            width: header.width, height: header.height,
            taken: header.dateTaken.flatMap(Self.date(ofEXIF:)), words: words)
    }

    /// `2026:11:27 20:15:00`, as EXIF has it, in ISO 8601; `nil` for zeros and what is no date.
    static func date(ofEXIF text: String) -> String? {
        let parts = text.split { $0 == " " || $0 == "T" }
        guard let day = parts.first else { return nil }
        let numbers = day.split { $0 == ":" || $0 == "-" }.compactMap { Int($0) }
        let clock = parts.dropFirst().first.map { $0.prefix(8) } ?? "00:00:00"
        let times = clock.split(separator: ":").compactMap { Int($0) }
        guard numbers.count == 3, times.count == 3, (1800...9999).contains(numbers[0]),
            (1...12).contains(numbers[1]), (1...31).contains(numbers[2]),
            (0...23).contains(times[0]), (0...59).contains(times[1]), (0...60).contains(times[2])
        else { return nil }
        return String(
            format: "%04d-%02d-%02dT%02d:%02d:%02d", numbers[0], numbers[1], numbers[2], times[0],
            times[1], times[2])
    }
}
