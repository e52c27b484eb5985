extension ColourConversion {
    /// An upright picture at another size, of rows that are resized as they are decoded.
    ///
    /// - Returns: `nil` where decoding fails.
    /// - Precondition: not where columns go first, and not with the filter that takes the nearest.
    static func resized(
        _ image: borrowing VipsImageReference, layout: PixelLayout,
        to target: PictureOptions.Resizing
    ) -> Picture? {
        let (width, height) = (image.width, image.height)
        let columns = ResamplingWeights(from: width, to: target.width, filter: target.filter)
        var isWhole = false
        let storage = PixelStorage(count: target.width * height * 3) { narrow in
            // Pixels that are missing below damage.
            narrow.initializeMemory(as: UInt8.self, repeating: 0)
            isWhole = image.forEachRows { pixels, top in
                let rgb = PixelStorage(count: pixels.count / layout.channels * 3) {
                    layout.convert(pixels, $0)
                }
                rgb.withUnsafeBytes { rgb in
                    guard let from = rgb.assumingMemoryBound(to: UInt8.self).baseAddress,
                        let to = narrow.assumingMemoryBound(to: UInt8.self).baseAddress
                    else { return }
                    // Within bounds: libvips gives whole rows of this picture.
                    for row in 0..<rgb.count / (width * 3) {
                        let line = to + (top + row) * target.width * 3
                        if target.width == width {
                            line.update(from: from + row * width * 3, count: width * 3)
                        } else {
                            ResizingPass.row(
                                from + row * width * 3, line, columns, width: target.width)
                        }
                    }
                }
            }
        }
        guard isWhole else { return nil }
        let rows = ResamplingWeights(from: height, to: target.height, filter: target.filter)
        return Picture(width: target.width, height: height, storage: storage)
            .downColumns(rows, height: target.height)
    }
}
