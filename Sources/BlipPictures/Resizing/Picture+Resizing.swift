extension Picture {
    /// The longest side that ``resized(width:height:filter:)`` makes.
    static let longestSide = 1 << 16
    /// The most pixels that it makes.
    static let largestArea = 100_000_000

    /// The picture at another size, regardless of its aspect; equal to Pillow's
    /// `Image.resize((width, height), filter)`, byte for byte.
    ///
    /// Two passes of a separable filter, each rounded to 8 bits, as in Pillow.
    ///
    /// - Parameters:
    ///   - width: pixels, 1...65,536.
    ///   - height: pixels, 1...65,536; at most 100 million pixels in all.
    ///   - filter: how pixels are weighed.
    /// - Throws: ``PictureError`` where the size is out of range.
    public func resized(
        width: Int, height: Int, filter: Resampling = .bicubic
    ) throws(PictureError) -> Picture {
        try Self.check(width: width, height: height)
        if width == self.width, height == self.height { return self }
        if filter == .nearest { return nearest(width: width, height: height) }
        let columns = ResamplingWeights(from: self.width, to: width, filter: filter)
        let rows = ResamplingWeights(from: self.height, to: height, filter: filter)
        let result =
            Self.goesDownColumnsFirst(from: (self.width, self.height), to: (width, height))
            ? downColumns(rows, height: height).alongRows(columns, width: width)
            : alongRows(columns, width: width).downColumns(rows, height: height)
        return Picture(
            width: width, height: height, storage: result.storage, isTruncated: isTruncated)
    }

    static func check(width: Int, height: Int) throws(PictureError) {
        let sides = 1...longestSide
        guard sides.contains(width), sides.contains(height), width * height <= largestArea else {
            throw PictureError(
                .invalidPreprocessing,
                """
                A picture cannot be resized to \(width) × \(height), since sides have 1 to \
                \(longestSide) pixels and pictures 100 million at most: crop it to a shape less extreme.
                """)
        }
    }

    /// Each pass rounds to bytes, so their order shows in the last bit. Pillow goes along rows first,
    /// and since version 13 down columns first where that removes far more pixels.
    static func goesDownColumnsFirst(
        from source: (width: Int, height: Int), to target: (width: Int, height: Int)
    ) -> Bool {
        let removedRows = source.height - target.height
        return removedRows > 0 && removedRows > 2 * (source.width - target.width)
    }

    private func alongRows(_ weights: ResamplingWeights, width: Int) -> Picture {
        if width == self.width { return self }
        let sourceWidth = self.width
        return made(width: width, height: height) { source, target, row in
            ResizingPass.row(
                source + row * sourceWidth * 3, target + row * width * 3, weights, width: width)
        }
    }

    func downColumns(_ weights: ResamplingWeights, height: Int) -> Picture {
        if height == self.height { return self }
        let rowBytes = width * 3
        return made(width: width, height: height) { source, target, row in
            ResizingPass.column(
                source, target + row * rowBytes, weights, row: row, rowBytes: rowBytes)
        }
    }

    private func nearest(width: Int, height: Int) -> Picture {
        let columns = Self.nearestPositions(from: self.width, to: width)
        let rows = Self.nearestPositions(from: self.height, to: height)
        let sourceWidth = self.width
        return made(width: width, height: height) { source, target, row in
            for (column, sourceColumn) in columns.enumerated() {
                let from = source + (rows[row] * sourceWidth + sourceColumn) * 3
                (target + (row * width + column) * 3).update(from: from, count: 3)
            }
        }
    }

    /// Centres added up step by step, as Pillow does: exact halves fall the same way.
    private static func nearestPositions(from source: Int, to target: Int) -> [Int] {
        let scale = Double(source) / Double(target)
        var centre = scale * 0.5
        return (0..<target).map { _ in
            defer { centre += scale }
            return min(Int(centre), source - 1)
        }
    }

    /// A new picture, each of whose rows `body` fills from this picture's pixels.
    private func made(
        width: Int, height: Int,
        row body: (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>, Int) -> Void
    ) -> Picture {
        let made = PixelStorage(count: width * height * 3) { target in
            storage.withUnsafeBytes { source in
                guard let from = source.assumingMemoryBound(to: UInt8.self).baseAddress,
                    let to = target.assumingMemoryBound(to: UInt8.self).baseAddress
                else { return }
                for row in 0..<height { body(from, to, row) }
            }
        }
        return Picture(width: width, height: height, storage: made)
    }
}
