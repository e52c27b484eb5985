/// YCbCr to RGB by ITU-R BT.601, as JFIF has it, in fixed point: the conversion that Pillow makes of
/// a TIFF file's pixels.
struct LumaConversion {
    /// Whether libtiff unpacks and converts, and not Pillow, which is less exact.
    private let isExact: Bool

    /// `nil` where the pixels are no YCbCr, or JPEG, whose decoder makes RGB of them.
    init?(_ directory: ImageFileDirectory) {
        let compression = directory[.compression].first ?? 1
        guard directory[.photometric] == [6], compression != 7 else { return nil }
        isExact = compression != 1
    }

    /// - Parameters:
    ///   - source: Y, Cb and Cr of each pixel.
    ///   - rgb: as many bytes.
    func convert(_ source: UnsafeRawBufferPointer, _ rgb: UnsafeMutableRawBufferPointer) {
        let (redOfCr, blueOfCb) = (products(1.402), products(1.772))
        let (greenOfCb, greenOfCr) =
            isExact
            ? (products(-0.114 * 1.772 / 0.587), products(-0.299 * 1.402 / 0.587))
            : (products(-0.34414), products(-0.71414))
        // libtiff rounds the sum, Pillow cuts it off.
        let (precision, half) = isExact ? (16, 1 << 15) : (6, 0)
        let clip = { (value: Int) in UInt8(max(0, min(255, value))) }
        // Within bounds: the tables have a number for each value of a byte.
        for pixel in stride(from: 0, to: source.count - 2, by: 3) {
            let luma = Int(source[pixel])
            let (cb, cr) = (Int(source[pixel + 1]), Int(source[pixel + 2]))
            rgb[pixel] = clip(luma + (redOfCr[cr] + half) >> precision)
            rgb[pixel + 1] = clip(luma + (greenOfCb[cb] + greenOfCr[cr] + half) >> precision)
            rgb[pixel + 2] = clip(luma + (blueOfCb[cb] + half) >> precision)
        }
    }

    /// A factor times -128 to 127, in 65536ths or 64ths.
    private func products(_ factor: Double) -> [Int] {
        (-128..<128).map {
            isExact
                ? Int((factor * 65536).rounded()) * $0 : Int(factor * Double($0) * 64 + 0.5)
        }
    }
}
