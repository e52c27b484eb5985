extension Picture {
    /// The middle of the picture; where the picture is smaller than `size`, black around it.
    ///
    /// Odd remainders fall as in transformers' `center_crop`: a cut leaves one pixel more at the
    /// bottom and right; padding puts one pixel more at the top and left.
    ///
    /// - Parameter size: sides of at least 1 that ``PixelPreprocessing/validate()`` has accepted.
    func centerCropped(to size: PixelPreprocessing.CropSize) -> Picture {
        let rows = CropSpan(source: height, target: size.height)
        let columns = CropSpan(source: width, target: size.width)
        let sourceRowBytes = width * 3
        let targetRowBytes = size.width * 3
        let cropped = PixelStorage(count: targetRowBytes * size.height) { target in
            target.initializeMemory(as: UInt8.self, repeating: 0)
            storage.withUnsafeBytes { source in
                for row in 0..<rows.count {
                    let from = (rows.sourceStart + row) * sourceRowBytes + columns.sourceStart * 3
                    let to = (rows.targetStart + row) * targetRowBytes + columns.targetStart * 3
                    let line = source[from..<from + columns.count * 3]
                    UnsafeMutableRawBufferPointer(rebasing: target[to...]).copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: line))
                }
            }
        }
        return Picture(
            width: size.width, height: size.height, storage: cropped, isTruncated: isTruncated)
    }
}

/// Which pixels of one axis a centre crop takes, and where they go.
private struct CropSpan {
    let sourceStart: Int
    let targetStart: Int
    let count: Int

    init(source: Int, target: Int) {
        count = min(source, target)
        if source >= target {
            sourceStart = (source - target) / 2
            targetStart = 0
        } else {
            sourceStart = 0
            targetStart = (target - source + 1) / 2
        }
    }
}
