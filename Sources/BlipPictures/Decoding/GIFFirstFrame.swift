internal import CVips

/// Where a GIF's first frame lies on its screen, and the colour where the frame draws nothing.
///
/// libvips gives transparent pixels no colour, and draws some screens no larger than their frames.
/// Pillow shows the palette's transparent colour, or its first, on a screen that holds the frame.
struct GIFFirstFrame {
    private let left: Int
    private let top: Int
    private let width: Int
    private let height: Int
    let screenWidth: Int
    let screenHeight: Int
    private let background: Colour

    /// `nil` where the file ends before its first frame begins.
    init?(_ gif: UnsafeRawBufferPointer) {
        let reader = BoundedReader(bytes: gif, isBigEndian: false)
        let byte = { (offset: Int) in reader.number(at: offset, width: 1) }
        // A table of 2 to 256 colours stands where the highest bit of the flags says so.
        let tableSize = { (flags: Int) in flags & 0x80 == 0 ? 0 : 3 << (flags & 7 + 1) }
        guard let screenWidth = reader.number(at: 6, width: 2),
            let screenHeight = reader.number(at: 8, width: 2), let screenFlags = byte(10)
        else { return nil }
        var table = 13..<13 + tableSize(screenFlags)
        var start = table.upperBound
        var transparent: Int?
        // Before the frame there may be extensions: a label, then blocks that begin with their size.
        while let introducer = byte(start), introducer != 0x2C {
            guard introducer != 0x3B else { return nil }
            start += 1
            guard introducer == 0x21 else { continue }
            if byte(start) == 0xF9, let size = byte(start + 1), size >= 4,
                let flags = byte(start + 2), flags & 1 == 1
            {
                transparent = byte(start + 5)
            }
            start += 1
            while let size = byte(start), size > 0 { start += 1 + size }
            start += 1
        }
        let sides = (0..<4).compactMap { reader.number(at: start + 1 + 2 * $0, width: 2) }
        guard sides.count == 4, sides[2] > 0, sides[3] > 0, let flags = byte(start + 9) else {
            return nil
        }
        (left, top, width, height) = (sides[0], sides[1], sides[2], sides[3])
        self.screenWidth = max(screenWidth, left + width)
        self.screenHeight = max(screenHeight, top + height)
        if tableSize(flags) > 0 { table = start + 10..<start + 10 + tableSize(flags) }
        let index = transparent ?? 0
        let channels = (0..<3).compactMap { channel in
            // Without a table an index is a grey; past a table's end it is black.
            let place = table.lowerBound + 3 * index + channel
            return table.contains(place) ? byte(place) : table.isEmpty ? index : 0
        }
        guard channels.count == 3 else { return nil }
        background = Colour(
            red: UInt8(channels[0]), green: UInt8(channels[1]), blue: UInt8(channels[2]))
    }

    /// The frame on its screen, without alpha.
    func onScreen(_ image: borrowing VipsImageReference) -> VipsImageReference? {
        let (left, top) = (CInt(left), CInt(top))
        let (red, green, blue) = (
            Double(background.red), Double(background.green), Double(background.blue)
        )
        guard
            var frame = image.map({
                cvips_crop($0, &$1, left, top, CInt(width), CInt(height))
            })
        else { return nil }
        if frame.bands == 4 {
            guard let opaque = frame.map({ cvips_flatten($0, &$1, red, green, blue) }) else {
                return nil
            }
            frame = opaque
        }
        return frame.map {
            cvips_embed(
                $0, &$1, left, top, CInt(screenWidth), CInt(screenHeight), red, green, blue)
        }
    }
}
