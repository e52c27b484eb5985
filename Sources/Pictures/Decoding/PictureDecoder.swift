internal import CVips

/// Decodes one file that lies in memory: header, limits, pixels, orientation, RGB.
struct PictureDecoder {
    /// The whole file; must stay valid during ``decode()``.
    let bytes: UnsafeRawBufferPointer
    let name: String
    let options: PictureOptions

    func decode() throws(PictureError) -> Picture {
        let format = try sniff()
        try LibVips.start()
        // A second, lenient attempt tells files that end early from files that are broken. (The
        // text that libvips gives cannot: one buffer serves all threads.)
        do {
            return try decode(format, failOn: VIPS_FAIL_ON_ERROR)
        } catch  where error.code == .damaged {
            guard let part = try? decode(format, failOn: VIPS_FAIL_ON_NONE) else { throw error }
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

    private func sniff() throws(PictureError) -> PictureFormat {
        guard !bytes.isEmpty else {
            throw PictureError(.empty, "\(name) is empty: fetch or copy it again.")
        }
        if let format = PictureFormat(sniffing: bytes) { return format }
        let what = PictureFormat.nameOfForeignFormat(bytes).map { "is \($0), not" } ?? "is not"
        throw PictureError(
            .unknownFormat,
            "\(name) \(what) a \(PictureFormat.list) picture: convert it to one of these.")
    }

    private func decode(
        _ format: PictureFormat, failOn: VipsFailOn
    ) throws(PictureError) -> Picture {
        guard let source = vips_source_new_from_memory(bytes.baseAddress, bytes.count) else {
            throw PictureError(
                .libraryFailed, "libvips could not open \(name): free some memory.",
                detail: LibVips.takeErrorText())
        }
        // Released last: the images below read from it.
        defer { cvips_release_source(source) }
        guard var loaded = load(format, source, failOn) else {
            throw damage(format, "its header cannot be understood")
        }
        try check(loaded)
        let shrink = format == .jpeg ? shrinkFactor(width: loaded.width, height: loaded.height) : 1
        if shrink > 1 {
            guard let smaller = load(format, source, failOn, shrink: shrink) else {
                throw damage(format, "its header cannot be understood")
            }
            loaded = smaller
        }
        guard let picture = try ColourConversion.upright(loaded, name: name) else {
            throw damage(format, "its pixels cannot be decoded")
        }
        return picture
    }

    private func load(
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
            }
        }
    }

    /// The largest factor that leaves twice the wanted side; JPEG knows 2, 4 and 8.
    private func shrinkFactor(width: Int, height: Int) -> Int {
        guard case .fast(let side) = options.detail else { return 1 }
        let shorter = min(width, height)
        return [8, 4, 2].first { shorter / $0 / 2 >= max(side, 1) } ?? 1
    }

    /// Compares the header with the limits, before any pixel is decoded.
    private func check(_ image: borrowing VipsImageReference) throws(PictureError) {
        let (area, overflow) = image.width.multipliedReportingOverflow(by: image.height)
        guard !overflow, area <= options.maximumPixels else {
            throw PictureError(
                .tooLarge,
                """
                \(name) has \(image.width) × \(image.height) pixels, more than the limit of \
                \(options.maximumPixels): save it smaller.
                """)
        }
    }

    private func damage(_ format: PictureFormat, _ what: String) -> PictureError {
        PictureError(
            .damaged,
            "\(name) is a damaged \(format.rawValue) file (\(what)): fetch or copy it again.",
            detail: LibVips.takeErrorText())
    }
}
