package import BlipPictures

/// How a picture's sidecar is called: programs differ.
package enum SidecarName: String, Sendable, CaseIterable {
    /// `photo.jpg.xmp`: darktable, digiKam, Immich, PhotoPrism.
    case full
    /// `photo.xmp`: Lightroom and other programs of Adobe's; one for a raw photo and the JPEG beside it.
    case stem

    /// The sidecar's path.
    package func path(for picture: RawPath) -> RawPath {
        let dot = UInt8(ascii: ".")
        let ending = Array(".xmp".utf8)
        let name = picture.lastComponent.bytes
        let stem = name.dropFirst().lastIndex(of: dot).map { name[..<$0] } ?? name[...]
        let folder = picture.bytes.dropLast(name.count)
        return RawPath(bytes: folder + (self == .full ? name[...] : stem) + ending)
    }
}
