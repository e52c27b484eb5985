import BlipPictures

/// What a file's name says of it: folders hold more than pictures, and not every picture can be read.
enum PictureKind: Equatable {
    case readable
    /// A format that this program knows, but does not read.
    case foreign(String)

    init?(fileName: [UInt8]) {
        let parts = fileName.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count > 1, let last = parts.last else { return nil }
        let ending = String(decoding: last, as: UTF8.self).lowercased()
        if Self.readableEndings.contains(ending) {
            self = .readable
        } else if let format = Self.sometimesReadable[ending] {
            self = LibVips.reads(format) ? .readable : .foreign(format)
        } else if let format = Self.foreignEndings[ending] {
            self = .foreign(format)
        } else {
            return nil
        }
    }

    /// JPEG has many: an .mpo of two lenses begins with one.
    private static let readableEndings: Set = [
        "jpg", "jpeg", "jpe", "jfif", "jfi", "jif", "mpo", "png", "apng", "webp", "gif", "tif",
        "tiff", "bmp", "dib",
        // Raw photos, of which the JPEG inside is read.
        "3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "fff", "gpr", "iiq", "k25", "kdc",
        "mef",
        "mos", "mrw", "nef", "nrw", "orf", "pef", "ptx", "raf", "raw", "rw2", "rwl", "sr2", "srf",
        "srw",
        "x3f",
    ]

    /// Where libvips has their decoders.
    private static let sometimesReadable = endings([
        "HEIC": "heic heics heif heifs hif",
        "AVIF": "avif avifs",
        "JPEG XL": "jxl",
    ])

    private static let foreignEndings = endings([
        "JPEG 2000": "jp2 j2k jpf jpx jpm j2c jpc",
        "JPEG XR": "jxr wdp hdp",
        "Photoshop": "psd psb",
        "GIMP": "xcf",
        "SVG": "svg svgz",
        "icon": "ico icns cur",
        "PNM": "ppm pgm pbm pnm pam pfm",
        "TGA": "tga",
        "PCX": "pcx",
        "EXR": "exr",
        "HDR": "hdr",
        "DICOM": "dcm",
        "QOI": "qoi",
    ])

    /// The format of each ending.
    private static func endings(_ formats: [String: String]) -> [String: String] {
        formats.reduce(into: [:]) { endings, format in
            for ending in format.value.split(separator: " ") {
                endings[String(ending)] = format.key
            }
        }
    }
}
