internal import CVips

/// What a file says of its picture, without its pixels.
package struct PictureHeader: Sendable {
    /// Pixels from left to right, upright.
    package let width: Int
    /// Pixels from top to bottom, upright.
    package let height: Int
    /// When it was taken, as EXIF has it: `2026:11:27 20:15:00`, by the clock where that was.
    package let dateTaken: String?
    /// EXIF's description, which some cameras fill with their name.
    package let imageDescription: String?
    /// XMP, which is XML that nobody vouches for.
    package let xmp: [UInt8]?
    /// IPTC's records (IIM), as Photoshop packs them into a JPEG.
    package let iptc: [UInt8]?

    /// Reads the header of a whole file that lies in memory.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - name: what error messages call the picture.
    /// - Throws: ``PictureError`` for what is no picture that is read here.
    package init(bytes: [UInt8], name: String = "The picture") throws(PictureError) {
        self = try bytes.withUnsafeBufferPointer { (buffer) throws(PictureError) in
            var options = PictureOptions()
            options.acceptsMoreFormats = true
            return try PictureDecoder(
                bytes: UnsafeRawBufferPointer(buffer), name: name, options: options
            ).header()
        }
    }

    fileprivate init(
        _ image: borrowing VipsImageReference, _ format: PictureFormat,
        _ bytes: UnsafeRawBufferPointer
    ) {
        let metadata = EmbeddedMetadata(image, format, bytes)
        let isTIFF = format == .tiff
        let exif = isTIFF ? ExposureData(bytes) : metadata.exifBytes.flatMap(ExposureData.init)
        let orientation =
            format.isTurnedByDecoder
            ? 1 : metadata.orientation(directory: isTIFF ? ImageFileDirectory(bytes) : nil)
        let isTurned = orientation > 4
        width = isTurned ? image.height : image.width
        height = isTurned ? image.width : image.height
        dateTaken = exif?.dateTaken
        imageDescription = exif?.imageDescription
        xmp = metadata.xmp
        iptc = image.blob(named: "iptc-data")
    }

    fileprivate init(_ bitmap: Bitmap) {
        width = bitmap.width
        height = bitmap.height
        dateTaken = nil
        imageDescription = nil
        xmp = nil
        iptc = nil
    }

    /// Of a raw photo: its size is that of the JPEG inside, which may lie on its side.
    fileprivate init(_ preview: PictureHeader, of photo: RawPhoto, _ bytes: UnsafeRawBufferPointer)
    {
        let isTurned = (photo.orientation ?? 1) > 4
        width = isTurned ? preview.height : preview.width
        height = isTurned ? preview.width : preview.height
        let exif = ExposureData(bytes)
        dateTaken = exif?.dateTaken ?? preview.dateTaken
        imageDescription = exif?.imageDescription ?? preview.imageDescription
        xmp = preview.xmp
        iptc = preview.iptc
    }
}

extension PictureDecoder {
    fileprivate func header() throws(PictureError) -> PictureHeader {
        let format = try sniff()
        try LibVips.start()
        switch format {
        case .bmp:
            guard let bitmap = Bitmap(bytes) else {
                throw damage(format, "its header cannot be understood")
            }
            return PictureHeader(bitmap)
        case .raw:
            guard let photo = RawPhoto(bytes) else { throw rawWithoutPreview }
            let preview = try PictureDecoder(bytes: photo.preview, name: name, options: options)
                .header()
            return PictureHeader(preview, of: photo, bytes)
        default: break
        }
        guard let source = source(format) else {
            throw PictureError(
                .libraryFailed, "libvips could not open \(name): free some memory.",
                detail: LibVips.takeErrorText())
        }
        defer { cvips_release_source(source) }
        guard let image = load(format, source, VIPS_FAIL_ON_NONE) else {
            throw damage(format, "its header cannot be understood")
        }
        return PictureHeader(image, format, bytes)
    }
}

extension ExposureData {
    fileprivate init?(_ exif: [UInt8]) {
        guard let data = exif.withUnsafeBytes({ ExposureData($0) }) else { return nil }
        self = data
    }
}
