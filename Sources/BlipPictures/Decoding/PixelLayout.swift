/// What the channels of a decoded pixel mean, 8 bits each, and how they become RGB as in Pillow.
enum PixelLayout {
    case grey
    case rgb
    case cmyk
    /// Of a TIFF file without JPEG.
    case luma(LumaConversion)

    /// Channels; further ones are alpha, which is dropped.
    var channels: Int {
        switch self {
        case .grey: 1
        case .rgb, .luma: 3
        case .cmyk: 4
        }
    }

    /// - Parameter pixels: `count * channels` bytes.
    func rgb(_ pixels: PixelStorage, count: Int) -> PixelStorage {
        if case .rgb = self { return pixels }
        return PixelStorage(count: 3 * count) { rgb in
            pixels.withUnsafeBytes { convert($0, rgb) }
        }
    }

    /// - Parameters:
    ///   - source: `channels` bytes a pixel.
    ///   - rgb: 3 bytes for each.
    func convert(_ source: UnsafeRawBufferPointer, _ rgb: UnsafeMutableRawBufferPointer) {
        switch self {
        case .grey: Self.repeatGrey(source, rgb)
        case .rgb: rgb.copyMemory(from: source)
        case .cmyk: Self.invertInks(source, rgb)
        case .luma(let conversion): conversion.convert(source, rgb)
        }
    }

    private static func repeatGrey(
        _ grey: UnsafeRawBufferPointer, _ rgb: UnsafeMutableRawBufferPointer
    ) {
        // Within bounds: rgb holds three bytes for each of grey.
        for index in 0..<grey.count {
            let value = grey[index]
            rgb[3 * index] = value
            rgb[3 * index + 1] = value
            rgb[3 * index + 2] = value
        }
    }

    /// `(255 - black) - ink * (255 - black) / 255`, the division rounded: what Pillow does.
    private static func invertInks(
        _ cmyk: UnsafeRawBufferPointer, _ rgb: UnsafeMutableRawBufferPointer
    ) {
        for index in 0..<cmyk.count / 4 {
            let light = 255 - Int32(cmyk[4 * index + 3])
            for ink in 0..<3 {
                let product = Int32(cmyk[4 * index + ink]) * light
                rgb[3 * index + ink] = UInt8(light - (product + 127) / 255)
            }
        }
    }
}
