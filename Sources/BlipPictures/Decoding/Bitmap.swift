/// A BMP file's header: how its pixels lie, as Pillow reads them.
struct Bitmap {
    enum Packing {
        /// Of so many bits, an index into the palette.
        case palette(Int)
        /// The same, in runs.
        case runs(Int)
        /// Of so many bytes, with a mask a channel: red, green, blue.
        case masks(Int, [UInt32])
    }

    let width: Int
    let height: Int
    let isTopDown: Bool
    let packing: Packing
    /// RGB.
    let palette: [(UInt8, UInt8, UInt8)]
    /// Where the pixels begin.
    let start: Int

    /// `nil` for a header that makes no sense or asks for what is not known.
    init?(_ bytes: UnsafeRawBufferPointer) {
        let reader = BoundedReader(bytes: bytes, isBigEndian: false)
        guard let start = reader.number(at: 10, width: 4),
            let size = reader.number(at: 14, width: 4)
        else { return nil }
        let isOld = size == 12
        guard let width = reader.number(at: 18, width: isOld ? 2 : 4),
            let height = reader.number(at: isOld ? 20 : 22, width: isOld ? 2 : 4),
            let bits = reader.number(at: isOld ? 24 : 28, width: 2)
        else { return nil }
        let compression = isOld ? 0 : reader.number(at: 30, width: 4) ?? 0
        // A negative height has the first row on top.
        isTopDown = !isOld && height > Int(Int32.max)
        self.width = width
        self.height = isTopDown ? 1 << 32 - height : height
        self.start = start
        guard width > 0, width <= Int(Int32.max), self.height > 0 else { return nil }
        switch (bits, compression) {
        case (1, 0), (4, 0), (8, 0): packing = .palette(bits)
        case (8, 1), (4, 2): packing = .runs(bits)
        case (16, 0): packing = .masks(2, [0x7C00, 0x3E0, 0x1F])
        case (24, 0): packing = .masks(3, [0xFF0000, 0xFF00, 0xFF])
        case (32, 0): packing = .masks(4, [0xFF0000, 0xFF00, 0xFF])
        case (16, 3), (32, 3), (16, 6), (32, 6):
            let masks = (0..<3).compactMap { reader.number(at: 54 + 4 * $0, width: 4) }
                .map { UInt32($0) }
            guard masks.count == 3, masks.allSatisfy(Self.isRun) else { return nil }
            packing = .masks(bits / 8, masks)
        default: return nil
        }
        let used = isOld ? 0 : reader.number(at: 46, width: 4) ?? 0
        let count = bits > 8 ? 0 : used == 0 ? 1 << bits : min(used, 256)
        let entry = isOld ? 3 : 4
        palette = (0..<count).map { index in
            let place = 14 + size + index * entry
            let channel = { UInt8(reader.number(at: place + $0, width: 1) ?? 0) }
            return (channel(2), channel(1), channel(0))
        }
    }

    /// Bits in a row, at least one.
    private static func isRun(_ mask: UInt32) -> Bool {
        guard mask != 0 else { return false }
        let low = mask >> mask.trailingZeroBitCount
        return low & (low &+ 1) == 0
    }
}

extension PictureDecoder {
    func decodeBitmap() throws(PictureError) -> Picture {
        guard let bitmap = Bitmap(bytes) else {
            throw PictureError(
                .damaged,
                "\(name) is a damaged BMP file (its header cannot be understood): fetch or copy it again."
            )
        }
        try check(width: bitmap.width, height: bitmap.height)
        // Whatever the limit is, no header of some bytes takes gigabytes.
        guard bitmap.width * bitmap.height <= max(1 << 28, 8 * bytes.count) else {
            throw PictureError(
                .truncated, "\(name) ends long before its last pixel: fetch or copy it again.")
        }
        let (rgb, isWhole) = bitmap.pixels(of: bytes)
        guard isWhole || options.acceptsTruncated else {
            throw PictureError(
                .truncated,
                """
                \(name) ends early or is damaged inside, so only a part of it can be shown: fetch \
                or copy it again.
                """)
        }
        let picture = Picture(
            width: bitmap.width, height: bitmap.height, storage: PixelStorage(copying: rgb),
            isTruncated: !isWhole)
        guard let resizing = options.resizing else { return picture }
        return try picture.resized(
            width: resizing.width, height: resizing.height, filter: resizing.filter)
    }
}
