/// What is compared with the header, before any pixel is decoded.
extension PictureDecoder {
    func check(width: Int, height: Int) throws(PictureError) {
        guard fits(width, height) else {
            throw PictureError(
                .tooLarge,
                """
                \(name) has \(width) × \(height) pixels, more than the limit of \
                \(options.maximumPixels): save it smaller.
                """)
        }
    }

    /// How many times smaller a JPEG's sides are decoded: 1, 2, 4 or 8, all that JPEG knows.
    func shrinkFactor(_ image: borrowing VipsImageReference) throws(PictureError) -> Int {
        let (width, height) = (image.width, image.height)
        var factor = 1
        if case .fast(let side) = options.detail {
            // The largest that leaves twice the wanted side.
            factor = [8, 4, 2].first { min(width, height) / $0 / 2 >= max(side, 1) } ?? 1
        }
        // A decoder of several scans holds the whole picture, however small the result.
        let isOneScan = image.integer(named: "jpeg-multiscan") == 0
        guard options.shrinksOversizedJPEGs, isOneScan else {
            try check(width: width, height: height)
            return factor
        }
        while factor < 8, !fits(width, height, shrink: factor) { factor *= 2 }
        if !fits(width, height, shrink: factor) { try check(width: width, height: height) }
        return factor
    }

    private func fits(_ width: Int, _ height: Int, shrink: Int = 1) -> Bool {
        // libvips leaves out pixels that the edge covers in part.
        let (area, overflow) = (width / shrink).multipliedReportingOverflow(by: height / shrink)
        return !overflow && area <= options.maximumPixels
    }
}
