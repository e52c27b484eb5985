extension EmbeddedMetadata {
    /// The first EXIF of a JPEG, and its last XMP. (libvips gives the first of anything that looks like
    /// XMP, such as its extensions.)
    init(ofJPEG jpeg: UnsafeRawBufferPointer) {
        self.init()
        let (exif, xmp) = ("Exif\0\0".utf8, "http://ns.adobe.com/xap/1.0/\0".utf8)
        for segment in JPEGSegments(jpeg) where segment.marker == 0xE1 {
            if segment.body.starts(with: exif) {
                self.exif = self.exif ?? Array(segment.body)
            } else if segment.body.starts(with: xmp) {
                self.xmp = Array(segment.body.dropFirst(xmp.count))
            }
        }
    }
}
