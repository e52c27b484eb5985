/// The words that a picture has already, in its file and its sidecars.
package struct PictureWords: Sendable, Hashable {
    /// `dc:title`, or what stands for it.
    package var title: String?
    /// What is to be seen: `dc:description`, or what stands for it.
    package var description: String?
    /// For those who do not see it: `Iptc4xmpCore:AltTextAccessibility`.
    package var altText: String?
    /// Each once, in their order.
    package var keywords: [String] = []

    package init() {}
}

/// A field of a picture's file or sidecar that a caption is written into, by exiftool's name for it.
package enum WordField: String, Sendable, Hashable, CaseIterable, Codable {
    case description = "XMP-dc:Description"
    case altText = "XMP-iptcCore:AltTextAccessibility"
    case tiffDescription = "XMP-tiff:ImageDescription"
    case iptcCaption = "IPTC:Caption-Abstract"
    case exifDescription = "IFD0:ImageDescription"

    /// Every field but that for those who do not see the picture.
    static let descriptions: [WordField] = [
        .description, .tiffDescription, .iptcCaption, .exifDescription,
    ]
    /// In XMP, which every format and a sidecar have.
    static let xmp: [WordField] = [.description, .altText, .tiffDescription]
}
