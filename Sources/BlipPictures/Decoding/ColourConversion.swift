internal import CVips

/// Turns whatever libvips loaded into upright 8-bit RGB, as Pillow's `convert("RGB")` would.
enum ColourConversion {
    /// - Parameters:
    ///   - orientation: 1 to 8 as EXIF numbers them.
    ///   - luma: how YCbCr becomes RGB, where the image's three channels are that.
    ///   - resizing: the size that is wanted, if not the image's own.
    /// - Returns: `nil` where decoding fails.
    static func upright(
        _ image: borrowing VipsImageReference, orientation: Int = 1, luma: LumaConversion? = nil,
        resizing: PictureOptions.Resizing? = nil, name: String
    ) throws(PictureError) -> Picture? {
        try checkWidth(image, name: name)
        let layout = try layout(image, luma: luma, name: name)
        guard var result = image.map({ cvips_first_bands($0, &$1, CInt(layout.channels)) }) else {
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
        if let resizing, orientation == 1, resizing.filter != .nearest,
            !Picture.goesDownColumnsFirst(
                from: (result.width, result.height), to: (resizing.width, resizing.height))
        {
            try Picture.check(width: resizing.width, height: resizing.height)
            return resized(result, layout: layout, to: resizing)
        }
        let picture = whole(result, layout: layout, orientation: orientation)
        guard let picture, let resizing else { return picture }
        return try picture.resized(
            width: resizing.width, height: resizing.height, filter: resizing.filter)
    }

    private static func whole(
        _ image: borrowing VipsImageReference, layout: PixelLayout, orientation: Int
    ) -> Picture? {
        guard let bytes = image.render() else { return nil }
        let storage = PixelStorage(takingOwnership: bytes)
        if orientation == 1 {
            return Picture(
                width: image.width, height: image.height,
                storage: layout.rgb(storage, count: image.width * image.height))
        }
        // Turning reads pixels in an order of its own, so they must all be there first.
        return storage.withUnsafeBytes { bytes in
            let flat = VipsImageReference(
                takingOwnership: vips_image_new_from_memory(
                    bytes.baseAddress, bytes.count, CInt(image.width), CInt(image.height),
                    CInt(image.bands), VIPS_FORMAT_UCHAR))
            guard let flat, let turned = flat.map({ cvips_upright($0, &$1, CInt(orientation)) })
            else { return nil }
            return whole(turned, layout: layout, orientation: 1)
        }
    }

    private static func checkWidth(
        _ image: borrowing VipsImageReference, name: String
    ) throws(PictureError) {
        if usesLab(image) { return }
        let (what, why) =
            switch image.format {
            case VIPS_FORMAT_UCHAR, VIPS_FORMAT_USHORT: ("", "")
            case VIPS_FORMAT_UINT: ("32-bit", ", which are not read")
            case VIPS_FORMAT_CHAR, VIPS_FORMAT_SHORT, VIPS_FORMAT_INT:
                ("signed", ", and nothing says which of them is black")
            default: ("floating-point", ", and nothing says which of them is white")
            }
        guard what.isEmpty else {
            throw PictureError(
                .unsupportedPixels,
                "\(name) has \(what) pixels\(why): save it with 8 bits a channel.")
        }
    }

    private static func layout(
        _ image: borrowing VipsImageReference, luma: LumaConversion?, name: String
    ) throws(PictureError) -> PixelLayout {
        switch (image.interpretation, image.bands) {
        case (VIPS_INTERPRETATION_CMYK, 4...5): return .cmyk
        case (_, 1...2): return .grey
        case (_, 3...4): return luma.map(PixelLayout.luma) ?? .rgb
        default:
            throw PictureError(
                .unsupportedPixels,
                """
                \(name) has \(image.bands) channels, and only grey, RGB and CMYK with or without \
                alpha can be read: save it as RGB.
                """)
        }
    }

    private static func usesLab(_ image: borrowing VipsImageReference) -> Bool {
        image.bands >= 3
            && [VIPS_INTERPRETATION_LAB, VIPS_INTERPRETATION_LABS, VIPS_INTERPRETATION_XYZ]
                .contains(image.interpretation)
    }
}
