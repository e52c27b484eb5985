internal import CVips

/// Turns whatever libvips loaded into upright 8-bit RGB, as Pillow's `convert("RGB")` would.
enum ColourConversion {
    /// `nil` where decoding fails.
    static func upright(
        _ image: borrowing VipsImageReference, name: String
    ) throws(PictureError) -> Picture? {
        let bands = try bandsToKeep(image, name: name)
        let isCMYK = image.interpretation == VIPS_INTERPRETATION_CMYK
        guard var result = image.map({ cvips_first_bands($0, &$1, CInt(bands)) }) else {
            return nil
        }
        if usesLab(image) {
            guard let rgb = result.map({ cvips_to_srgb($0, &$1) }) else { return nil }
            result = rgb
        }
        if result.format != VIPS_FORMAT_UCHAR {
            guard let narrow = result.map({ cvips_high_byte($0, &$1) }) else { return nil }
            result = narrow
        }
        if image.orientation > 1 {
            // Turning reads pixels in an order of its own, so they must all be there first.
            guard
                let whole = VipsImageReference(
                    takingOwnership: vips_image_copy_memory(result.pointer)),
                let turned = whole.map({ cvips_upright($0, &$1) })
            else { return nil }
            result = turned
        }
        let (width, height) = (result.width, result.height)
        guard let bytes = result.render() else { return nil }
        let storage = PixelStorage(takingOwnership: bytes)
        guard bytes.count == width * height * bands else { return nil }
        if bands == 3 { return Picture(width: width, height: height, storage: storage) }
        let rgb = PixelStorage(count: width * height * 3) { target in
            storage.withUnsafeBytes { isCMYK ? invertInks($0, target) : repeatGrey($0, target) }
        }
        return Picture(width: width, height: height, storage: rgb)
    }

    /// How many of the first channels carry colour; the rest is alpha.
    private static func bandsToKeep(
        _ image: borrowing VipsImageReference, name: String
    ) throws(PictureError) -> Int {
        let isWideEnough = image.format == VIPS_FORMAT_UCHAR || image.format == VIPS_FORMAT_USHORT
        guard isWideEnough || usesLab(image) else {
            throw PictureError(
                .unsupportedPixels,
                "\(name) has pixels that are neither 8 nor 16 bits wide: save it with 8 bits.")
        }
        let colours =
            switch (image.interpretation, image.bands) {
            case (VIPS_INTERPRETATION_CMYK, 4...5): 4
            case (_, 1...2): 1
            case (_, 3...4): 3
            default: 0
            }
        guard colours > 0 else {
            throw PictureError(
                .unsupportedPixels,
                """
                \(name) has \(image.bands) channels, and only grey, RGB and CMYK with or without \
                alpha can be read: save it as RGB.
                """)
        }
        return colours
    }

    private static func usesLab(_ image: borrowing VipsImageReference) -> Bool {
        image.bands >= 3
            && [VIPS_INTERPRETATION_LAB, VIPS_INTERPRETATION_LABS, VIPS_INTERPRETATION_XYZ]
                .contains(image.interpretation)
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
