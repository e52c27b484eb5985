internal import CVips

/// One owned reference to a libvips image, given back on deinit.
///
/// Used within one call on one thread; it is not Sendable.
struct VipsImageReference: ~Copyable {
    let pointer: UnsafeMutablePointer<VipsImage>

    /// Runs an operation that hands out a new image. `nil` where it fails.
    init?(_ operation: (inout UnsafeMutablePointer<VipsImage>?) -> CInt) {
        var image: UnsafeMutablePointer<VipsImage>?
        guard operation(&image) == 0, let image else { return nil }
        pointer = image
    }

    init?(takingOwnership pointer: UnsafeMutablePointer<VipsImage>?) {
        guard let pointer else { return nil }
        self.pointer = pointer
    }

    deinit { cvips_release(pointer) }

    var width: Int { Int(vips_image_get_width(pointer)) }
    var height: Int { Int(vips_image_get_height(pointer)) }
    var bands: Int { Int(vips_image_get_bands(pointer)) }
    var format: VipsBandFormat { vips_image_get_format(pointer) }
    var interpretation: VipsInterpretation { vips_image_get_interpretation(pointer) }

    /// A field of metadata that is a whole number.
    func integer(named name: String) -> Int? {
        guard vips_image_get_typeof(pointer, name) != 0 else { return nil }
        var value: CInt = 0
        return vips_image_get_int(pointer, name, &value) == 0 ? Int(value) : nil
    }

    /// A field of metadata that is bytes, copied.
    func blob(named name: String) -> [UInt8]? {
        guard vips_image_get_typeof(pointer, name) != 0 else { return nil }
        var start: UnsafeRawPointer?
        var count = 0
        guard vips_image_get_blob(pointer, name, &start, &count) == 0 else { return nil }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// A text of a PNG by its keyword; of several, the last.
    func pngText(named keyword: String) -> String? {
        guard let fields = vips_image_get_fields(pointer) else { return nil }
        defer { g_strfreev(fields) }
        var text: String?
        var next = fields
        while let field = next.pointee {
            let name = String(cString: field)
            var value: UnsafePointer<CChar>?
            // libvips numbers them: "png-comment-0-Author".
            if name.hasPrefix("png-comment-"), name.hasSuffix("-" + keyword),
                vips_image_get_string(pointer, name, &value) == 0, let value
            {
                text = String(cString: value)
            }
            next += 1
        }
        return text
    }

    /// The image made by an operation on this one, or `nil` where that fails.
    func map(
        _ operation: (UnsafeMutablePointer<VipsImage>, inout UnsafeMutablePointer<VipsImage>?) ->
            CInt
    ) -> VipsImageReference? {
        VipsImageReference { operation(pointer, &$0) }
    }

    /// Computes the pixels from top to bottom, and hands them out some whole rows at a time.
    ///
    /// By this thread alone. libvips' own sinks start a thread for each picture, which fails where a
    /// process may have few; and with several, libvips 8.14 may return before the last of them meets
    /// damage, and give a broken picture for a whole one.
    ///
    /// - Returns: whether all could be computed.
    func forEachRows(_ body: (UnsafeRawBufferPointer, _ top: Int) -> Void) -> Bool {
        guard let region = vips_region_new(pointer) else { return false }
        defer { cvips_release_region(region) }
        let rowsAtATime = 64
        for top in stride(from: 0, to: height, by: rowsAtATime) {
            let rows = CInt(min(rowsAtATime, height - top))
            var count = 0
            guard let pixels = vips_region_fetch(region, 0, CInt(top), CInt(width), rows, &count)
            else { return false }
            body(UnsafeRawBufferPointer(start: pixels, count: count), top)
            g_free(pixels)
        }
        return true
    }

    /// Computes all pixels into memory that the caller owns (g_free), or `nil` where that fails.
    func render() -> UnsafeMutableRawBufferPointer? {
        let rowBytes = width * bands
        guard format == VIPS_FORMAT_UCHAR, let memory = g_try_malloc(gsize(rowBytes * height))
        else {
            return nil
        }
        let isWhole = forEachRows { rows, top in
            // Within bounds: libvips gives whole rows of this picture.
            if let start = rows.baseAddress {
                memory.advanced(by: top * rowBytes).copyMemory(from: start, byteCount: rows.count)
            }
        }
        guard isWhole else {
            g_free(memory)
            return nil
        }
        return UnsafeMutableRawBufferPointer(start: memory, count: rowBytes * height)
    }
}
