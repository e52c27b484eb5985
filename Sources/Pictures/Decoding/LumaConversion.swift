/// YCbCr to RGB by ITU-R BT.601, as JFIF has it, in fixed point.
struct LumaConversion {
    /// Bits after the point.
    private let precision: Int
    /// Whether the sum is rounded, and not cut off.
    private let rounds: Bool

    /// The conversion that Pillow makes of a TIFF file: its own where the pixels are not compressed,
    /// and libtiff's where libtiff unpacks them.
    ///
    /// `nil` where the pixels are no YCbCr, or JPEG, whose decoder makes RGB of them.
    init?(_ directory: ImageFileDirectory) {
        let compression = directory[.compression].first ?? 1
        guard directory[.photometric] == [6], compression != 7 else { return nil }
        rounds = compression != 1
        precision = rounds ? 16 : 6
    }

    /// - Parameters:
    ///   - source: Y, Cb and Cr of each pixel.
    ///   - rgb: as many bytes.
    func convert(_ source: UnsafeRawBufferPointer, _ rgb: UnsafeMutableRawBufferPointer) {
        let (redOfCr, greenOfCr) = (products(1.402), products(-0.714136))
        let (greenOfCb, blueOfCb) = (products(-0.344136), products(1.772))
        let half = rounds ? 1 << (precision - 1) : 0
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

    private func products(_ factor: Double) -> [Int] {
        (-128..<128).map {
            Int((factor * Double($0 * (1 << precision))).rounded())
        }
    }
}
