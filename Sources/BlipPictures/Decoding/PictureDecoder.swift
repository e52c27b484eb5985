internal import CVips

/// Decodes one file that lies in memory: header, limits, pixels, orientation, RGB.
struct PictureDecoder {
    /// The whole file; must stay valid during ``decode()``.
    let bytes: UnsafeRawBufferPointer
    let name: String
    let options: PictureOptions
    /// As EXIF numbers it, where something else than the file tells it.
    var orientation: Int?

    func decode() throws(PictureError) -> Picture {
        let format = try sniff()
        try LibVips.start()
        switch format {
        case .bmp: return try decodeBitmap()
        case .raw: return try decodeRawPhoto()
        default: break
        }
        if let loader = LibVips.loader(of: format), !LibVips.has(loader) {
            throw PictureError(
                .unknownFormat,
                "\(name) is a \(format.rawValue) picture, which this libvips does not read: convert it to JPEG or PNG."
            )
        }
        // A second, lenient attempt tells files that end early from files that are broken. (The
        // text that libvips gives cannot: one buffer serves all threads.)
        do {
            return try decode(format, failOn: VIPS_FAIL_ON_ERROR)
        } catch  where error.code == .damaged {
            guard let part = try? decode(format, failOn: VIPS_FAIL_ON_NONE) else {
                throw UnreadForm(of: bytes, format).map(refusal) ?? error
            }
            if options.acceptsTruncated {
                return Picture(
                    width: part.width, height: part.height, storage: part.storage, isTruncated: true
                )
            }
            throw PictureError(
                .truncated,
                """
                \(name) ends early or is damaged inside, so only a part of it can be shown: fetch \
                or copy it again.
                """, detail: error.detail)
        }
    }

    func sniff() throws(PictureError) -> PictureFormat {
        guard !bytes.isEmpty else {
            throw PictureError(.empty, "\(name) is empty: fetch or copy it again.")
        }
        if let format = PictureFormat(sniffing: bytes, more: options.acceptsMoreFormats) {
            let isRaw = format == .tiff && options.acceptsMoreFormats && RawPhoto.isTIFF(bytes)
            return isRaw ? .raw : format
        }
        guard let foreign = ForeignFormat(sniffing: bytes) else {
            throw PictureError(
                .unknownFormat,
                "\(name) is not a \(PictureFormat.list) picture: convert it to one of these.")
        }
        throw PictureError(
            .unknownFormat,
            "\(name) is \(foreign.name), not a \(PictureFormat.list) picture: \(foreign.advice).")
    }

    private func decode(
        _ format: PictureFormat, failOn: VipsFailOn
    ) throws(PictureError) -> Picture {
        guard let source = source(format) else {
            throw PictureError(
                .libraryFailed, "libvips could not open \(name): free some memory.",
                detail: LibVips.takeErrorText())
        }
        // Released last: the images below read from it.
        defer { cvips_release_source(source) }
        guard var loaded = load(format, source, failOn) else {
            throw damage(format, "its header cannot be understood")
        }
        switch format {
        case .jpeg:
            let shrink = try shrinkFactor(loaded)
            guard shrink > 1 else { break }
            guard let smaller = load(format, source, failOn, shrink: shrink) else {
                throw damage(format, "its header cannot be understood")
            }
            loaded = smaller
        case .gif:
            guard let frame = GIFFirstFrame(bytes) else {
                throw damage(format, "its first frame cannot be understood")
            }
            try check(width: frame.screenWidth, height: frame.screenHeight)
            guard let whole = frame.onScreen(loaded) else {
                throw damage(format, "its pixels cannot be decoded")
            }
            loaded = whole
        case .png, .webp, .tiff, .heic, .avif, .jpegXL, .bmp, .raw:
            try check(width: loaded.width, height: loaded.height)
        }
        guard let picture = try upright(loaded, format) else {
            throw damage(format, "its pixels cannot be decoded")
        }
        return picture
    }

    private func upright(
        _ image: borrowing VipsImageReference, _ format: PictureFormat
    ) throws(PictureError) -> Picture? {
        let metadata = EmbeddedMetadata(image, format, bytes)
        let directory = format == .tiff ? ImageFileDirectory(bytes) : nil
        return try ColourConversion.upright(
            image,
            orientation: orientation
                ?? (format.isTurnedByDecoder ? 1 : metadata.orientation(directory: directory)),
            luma: directory.flatMap(LumaConversion.init), resizing: options.resizing, name: name)
    }

    func source(_ format: PictureFormat) -> UnsafeMutablePointer<VipsSource>? {
        guard format == .png, let plain = PNGChunks.withoutTexts(bytes) else {
            return vips_source_new_from_memory(bytes.baseAddress, bytes.count)
        }
        return plain.withUnsafeBytes { cvips_source_copying($0.baseAddress, $0.count) }
    }

    func load(
        _ format: PictureFormat, _ source: UnsafeMutablePointer<VipsSource>, _ failOn: VipsFailOn,
        shrink: Int = 1
    ) -> VipsImageReference? {
        VipsImageReference { image in
            switch format {
            case .jpeg: cvips_load_jpeg(source, &image, failOn, CInt(shrink))
            case .png: cvips_load_png(source, &image, failOn)
            case .webp: cvips_load_webp(source, &image, failOn)
            case .gif: cvips_load_gif(source, &image, failOn)
            case .tiff: cvips_load_tiff(source, &image, failOn)
            case .heic, .avif: cvips_load_heif(source, &image, failOn)
            case .jpegXL: cvips_load_jxl(source, &image, failOn)
            // Read by code of our own.
            case .bmp, .raw: -1
            }
        }
    }

    private func refusal(_ form: UnreadForm) -> PictureError {
        PictureError(
            .unsupportedPixels, "\(name) is \(form.name), which is not read: \(form.advice).",
            detail: LibVips.takeErrorText())
    }

    func damage(_ format: PictureFormat, _ what: String) -> PictureError {
        let detail = LibVips.takeErrorText()
        if let shortage = LibVips.shortage(in: detail) {
            return PictureError(
                .libraryFailed, "\(name) could not be decoded, since \(shortage).", detail: detail)
        }
        return PictureError(
            .damaged,
            "\(name) is a damaged \(format.rawValue) file (\(what)): fetch or copy it again.",
            detail: detail)
    }
}
