/// A format that is known and not read, to say what a file is and what to do with it.
struct ForeignFormat {
    /// With its article, such as "a HEIC picture".
    let name: String
    /// What to do, as an order.
    let advice: String
    /// Where it is read if that is asked for.
    let format: PictureFormat?

    private init(
        _ name: String, _ advice: String = "convert it to JPEG or PNG", format: PictureFormat? = nil
    ) {
        self.name = name
        self.advice = advice
        self.format = format
    }

    /// Told by the file's first bytes; `nil` where they tell nothing.
    init?(sniffing bytes: some Collection<UInt8>) {
        let head = Array(bytes.prefix(512))
        guard !head.isEmpty else { return nil }
        if let known = Self.signatures.first(where: { $0.begins(head) }) {
            self = known.format
        } else if head.dropFirst(4).starts(with: "ftyp".utf8) {
            self = Self.format(ofBrands: head)
        } else if let text = Self.format(ofText: head) {
            self = text
        } else {
            return nil
        }
    }

    private struct Signature {
        let bytes: [UInt8]
        var offset = 0
        let format: ForeignFormat

        func begins(_ head: [UInt8]) -> Bool { head.dropFirst(offset).starts(with: bytes) }
    }

    private static func signature(
        _ text: String, at offset: Int = 0, _ format: ForeignFormat
    ) -> Signature {
        Signature(bytes: Array(text.utf8), offset: offset, format: format)
    }

    static let raw = ForeignFormat(
        "a camera's raw photo", "develop it, or take the JPEG that the camera wrote beside it",
        format: .raw)
    private static let jpegXL = ForeignFormat("a JPEG XL picture", format: .jpegXL)
    private static let video = ForeignFormat("a video", "take a frame out of it, as ffmpeg does")
    private static let archive = ForeignFormat("an archive", "unpack it")

    private static let signatures: [Signature] =
        [
            signature("8BPS", ForeignFormat("a Photoshop file")),
            signature("gimp xcf", ForeignFormat("a GIMP file")),
            signature("%PDF", ForeignFormat("a PDF", "save its page as a JPEG or PNG")),
            signature("%!PS", ForeignFormat("a PostScript file", "save its page as a JPEG or PNG")),
            signature("qoif", ForeignFormat("a QOI picture")),
            signature("DDS ", ForeignFormat("a DDS texture")),
            signature("icns", ForeignFormat("an Apple icon")),
            signature("SIMPLE  =", ForeignFormat("a FITS picture")),
            signature("#?RADIANCE", ForeignFormat("a Radiance HDR picture")),
            signature(
                "AT&TFORM", ForeignFormat("a DjVu document", "save its page as a JPEG or PNG")),
            signature("DICM", at: 128, ForeignFormat("a DICOM file")),
            signature("FUJIFILMCCD-RAW", raw), signature("FOVb", raw), signature("\0MRM", raw),
            signature("IIRO", raw), signature("IIRS", raw), signature("MMOR", raw),
            signature("IIU\0", raw),
            signature("jP  ", at: 4, ForeignFormat("a JPEG 2000 picture")),
            signature("JXL ", at: 4, jpegXL),
            signature("AVI ", at: 8, video),
            signature("PK\u{3}\u{4}", archive), signature("Rar!", archive),
            signature("7z", archive),
            signature(
                "version https://git-lfs",
                ForeignFormat("a pointer of Git LFS", "fetch the picture with git lfs pull")),
        ]
        + [
            ([0xFF, 0x4F, 0xFF, 0x51], ForeignFormat("a JPEG 2000 picture")),
            ([0xFF, 0x0A], jpegXL),
            ([0x49, 0x49, 0xBC, 0x01], ForeignFormat("a JPEG XR picture")),
            ([0, 0, 1, 0], ForeignFormat("an icon (ICO)")),
            ([0, 0, 2, 0, 0, 0, 0, 0], ForeignFormat("a TGA picture")),
            ([0, 0, 10, 0, 0, 0, 0, 0], ForeignFormat("a TGA picture")),
            ([0, 0, 2, 0], ForeignFormat("a cursor (CUR)")),
            ([0x76, 0x2F, 0x31, 0x01], ForeignFormat("an OpenEXR picture")),
            ([0x0A, 0x05, 0x01], ForeignFormat("a PCX picture")),
            ([0xD7, 0xCD, 0xC6, 0x9A], ForeignFormat("a WMF drawing")),
            ([0x1A, 0x45, 0xDF, 0xA3], video), ([0, 0, 1, 0xBA], video),
            ([0x1F, 0x8B], archive),
            (
                [0, 5, 0x16, 7],
                ForeignFormat("a Mac's note on a file", "take the file without ._ before its name")
            ),
        ].map { Signature(bytes: $0.0, format: $0.1) }

    /// ISO base media files name what they are, and then what else they may be read as.
    private static func format(ofBrands head: [UInt8]) -> ForeignFormat {
        let length = head.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let end = length < 12 ? head.count : min(length, head.count)
        let brands = stride(from: 8, to: end, by: 4).map {
            String(decoding: head[$0..<min($0 + 4, head.count)], as: UTF8.self)
        }
        if brands.contains(where: { $0.hasPrefix("avi") }) {
            return ForeignFormat("an AVIF picture", format: .avif)
        }
        if brands.contains("crx ") { return raw }
        let isHEIC = brands.contains { ["hei", "hev", "mif", "msf"].contains($0.prefix(3)) }
        return isHEIC ? ForeignFormat("a HEIC picture", format: .heic) : video
    }

    private static func format(ofText head: [UInt8]) -> ForeignFormat? {
        let text = String(decoding: head, as: UTF8.self)
        // "BM" alone may begin a word; the size of one of BMP's seven headers follows.
        if text.hasPrefix("BM"), head.count >= 26, head[15...17].allSatisfy({ $0 == 0 }),
            [12, 40, 52, 56, 64, 108, 124].contains(head[14])
        {
            return ForeignFormat("a BMP picture", format: .bmp)
        }
        if text.hasPrefix("P"), let kind = text.dropFirst().first, "1234567fF".contains(kind),
            text.dropFirst(2).first?.isWhitespace == true
        {
            return ForeignFormat("a PPM, PGM or PBM picture")
        }
        if text.contains("<svg") { return ForeignFormat("an SVG drawing") }
        let small = text.lowercased()
        if small.contains("<html") || small.contains("<!doctype html") {
            return ForeignFormat("a web page", "fetch the picture itself")
        }
        if head.allSatisfy({ $0 == 0 }) {
            return ForeignFormat("nothing but zeros", "fetch or copy it again")
        }
        // The last character may be cut.
        let whole = String(decoding: head.dropLast(head.count < 512 ? 0 : 3), as: UTF8.self)
        let isText = whole.unicodeScalars.allSatisfy {
            $0.value >= 32 && $0 != "\u{7F}" && $0 != "\u{FFFD}" || (9...13).contains($0.value)
        }
        return isText ? ForeignFormat("text", "give the picture's file") : nil
    }
}
