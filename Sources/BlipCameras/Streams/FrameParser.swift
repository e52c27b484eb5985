import BlipPictures

/// Cuts a stream of binary PPM pictures, as ffmpeg writes them, into frames: raw RGB behind a header that tells
/// its size.
struct FrameParser {
    private enum Stage {
        case header([UInt8])
        case pixels(width: Int, height: Int, filled: Int)
    }

    /// `P6\nWIDTH HEIGHT\n255\n`, with room for any size.
    private static let longestHeader = 64
    /// 16384 × 16384.
    private static let largestArea = 1 << 28

    private var stage = Stage.header([])
    private var pixels: [UInt8] = []

    /// Takes what came next of the stream.
    ///
    /// - Returns: the frames that ended in it.
    /// - Throws: ``StreamError`` where it is no such stream.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(StreamError) -> [Picture] {
        var frames: [Picture] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            switch stage {
            case .header(var header):
                while let byte = rest.popFirst() {
                    header.append(byte)
                    if byte == UInt8(ascii: "\n"), header.count(where: { $0 == byte }) == 3 {
                        break
                    }
                    guard header.count < Self.longestHeader else { throw Self.noFrames }
                }
                stage = try Self.stage(after: header)
                if case .pixels(let width, let height, _) = stage,
                    pixels.count != width * height * 3
                {
                    pixels = [UInt8](repeating: 0, count: width * height * 3)
                }
            case .pixels(let width, let height, let filled):
                let count = min(rest.count, pixels.count - filled)
                pixels.withUnsafeMutableBytes { target in
                    UnsafeMutableRawBufferPointer(rebasing: target[filled...]).copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: rest.prefix(count)))
                }
                rest = rest.dropFirst(count)
                guard filled + count == pixels.count else {
                    stage = .pixels(width: width, height: height, filled: filled + count)
                    continue
                }
                stage = .header([])
                if let frame = try? Picture(width: width, height: height, rgb: pixels) {
                    frames.append(frame)
                }
            }
        }
        return frames
    }

    private static func stage(after header: [UInt8]) throws(StreamError) -> Stage {
        guard header.count(where: { $0 == UInt8(ascii: "\n") }) == 3 else { return .header(header) }
        let words = header.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: " ") }
            .map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 4, words[0] == "P6", words[3] == "255", let width = Int(words[1]),
            let height = Int(words[2]), width > 0, height > 0,
            !width.multipliedReportingOverflow(by: height).overflow,
            width * height <= largestArea
        else { throw noFrames }
        return .pixels(width: width, height: height, filled: 0)
    }

    private static let noFrames = StreamError("ffmpeg gave no frames that can be read")
}
