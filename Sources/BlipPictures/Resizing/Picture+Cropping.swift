extension Picture {
    /// A part of the picture.
    ///
    /// - Parameters:
    ///   - x: pixels left of it; it is moved and cut to lie within the picture, and has a pixel at least.
    ///   - y: pixels above it.
    ///   - width: its pixels from left to right.
    ///   - height: its pixels from top to bottom.
    ///   - spans: for each of its rows the columns that are kept; the rest becomes grey. `nil` keeps all.
    package func cropped(
        x: Int, y: Int, width: Int, height: Int,
        keeping spans: ((_ row: Int) -> [Range<Int>])? = nil
    ) -> Picture {
        let left = min(max(0, x), self.width - 1)
        let top = min(max(0, y), self.height - 1)
        let width = min(max(1, width), self.width - left)
        let height = min(max(1, height), self.height - top)
        let cropped = PixelStorage(count: width * height * 3) { target in
            if spans != nil { target.initializeMemory(as: UInt8.self, repeating: 127) }
            storage.withUnsafeBytes { source in
                for row in 0..<height {
                    let from = ((top + row) * self.width + left) * 3
                    for span in spans?(row) ?? [0..<width] {
                        let span = span.clamped(to: 0..<width)
                        guard !span.isEmpty else { continue }
                        let start = from + span.lowerBound * 3
                        UnsafeMutableRawBufferPointer(
                            rebasing: target[((row * width + span.lowerBound) * 3)...]
                        ).copyMemory(
                            from: UnsafeRawBufferPointer(
                                rebasing: source[start..<start + span.count * 3]))
                    }
                }
            }
        }
        return Picture(width: width, height: height, storage: cropped)
    }
}
