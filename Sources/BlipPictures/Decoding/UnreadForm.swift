/// A form of a format that is sound and yet not read, looked for where decoding failed.
struct UnreadForm {
    /// With its article, such as "a JPEG with 12 bits a channel".
    let name: String
    /// What to do, as an order.
    let advice: String

    private init(_ name: String, _ advice: String = "save it with 8 bits a channel") {
        self.name = name
        self.advice = advice
    }

    init?(of bytes: UnsafeRawBufferPointer, _ format: PictureFormat) {
        let form: UnreadForm? =
            switch format {
            case .jpeg: Self.ofJPEG(bytes)
            case .tiff: Self.ofTIFF(bytes)
            case .heic, .avif, .jpegXL: Self.missingDecoder(format)
            case .png, .webp, .gif, .bmp, .raw: nil
            }
        guard let form else { return nil }
        self = form
    }

    /// By the frame header (SOF), whose marker tells the process and whose first byte the bits.
    private static func ofJPEG(_ bytes: UnsafeRawBufferPointer) -> UnreadForm? {
        let ordinary = "save it as an ordinary JPEG or a PNG"
        for (marker, body) in JPEGSegments(bytes) {
            switch marker {
            case 0xC3, 0xC7, 0xCB, 0xCF: return UnreadForm("a lossless JPEG", ordinary)
            case 0xC5, 0xC6, 0xCD, 0xCE: return UnreadForm("a hierarchical JPEG", ordinary)
            case 0xF7: return UnreadForm("a JPEG-LS picture", ordinary)
            case 0xC0...0xC2, 0xC9, 0xCA:
                guard let bits = body.first, bits > 8 else { return nil }
                return UnreadForm("a JPEG with \(bits) bits a channel")
            default: continue
            }
        }
        return nil
    }

    /// HEIC is decoded by a part of libheif that not every system installs, as AVIF is.
    private static func missingDecoder(_ format: PictureFormat) -> UnreadForm? {
        guard LibVips.errorText.contains("nsupported") else { return nil }
        return UnreadForm(
            "a \(format.rawValue) picture of a kind that this libvips has no decoder for",
            "install libheif's decoders, or convert it to JPEG or PNG")
    }

    private static func ofTIFF(_ bytes: UnsafeRawBufferPointer) -> UnreadForm? {
        guard let directory = ImageFileDirectory(bytes) else { return nil }
        let isCanonRaw = bytes.count > 9 && bytes[8...9].elementsEqual("CR".utf8)
        if isCanonRaw || !directory[.dngVersion].isEmpty {
            return UnreadForm(ForeignFormat.raw.name, ForeignFormat.raw.advice)
        }
        let compression = directory[.compression].first ?? 1
        let bits = directory[.bitsPerSample].first ?? 1
        let plain = "save it as an RGB TIFF with LZW, or as a PNG"
        if !readCompressions.contains(compression) {
            let name = compressions[compression] ?? "compression \(compression)"
            return UnreadForm("a TIFF with \(name) inside", plain)
        }
        if directory[.sampleFormat].contains(where: { $0 == 3 || $0 == 6 }) {
            return UnreadForm("a TIFF with floating-point pixels")
        }
        if ![1, 2, 4, 8, 16].contains(bits) {
            return UnreadForm("a TIFF with \(bits) bits a channel")
        }
        if directory[.planarConfiguration] == [2], !directory[.tileWidth].isEmpty {
            return UnreadForm("a TIFF in tiles of single channels", plain)
        }
        if directory[.photometric] == [6], directory[.chromaSubsampling] != [1, 1] {
            return UnreadForm("a TIFF with subsampled YCbCr pixels", plain)
        }
        if let photometric = directory[.photometric].first, [32844, 32845].contains(photometric) {
            return UnreadForm("a TIFF with LogLuv pixels", plain)
        }
        return nil
    }

    /// None, CCITT's three, LZW, JPEG, deflate (twice) and PackBits: what libtiff always has.
    private static let readCompressions: Set = [1, 2, 3, 4, 5, 7, 8, 32773, 32946]

    private static let compressions = [
        6: "old-style JPEG", 33003: "JPEG 2000", 33005: "JPEG 2000", 34712: "JPEG 2000",
        34887: "LERC", 34892: "lossy JPEG", 34925: "LZMA", 34933: "PNG", 34934: "JPEG XR",
        50000: "Zstandard", 50001: "WebP", 50002: "JPEG XL", 52546: "JPEG XL",
    ]
}
