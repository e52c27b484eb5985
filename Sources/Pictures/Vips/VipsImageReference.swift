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
    var orientation: Int { Int(vips_image_get_orientation(pointer)) }

    /// The image made by an operation on this one, or `nil` where that fails.
    func map(
        _ operation: (UnsafeMutablePointer<VipsImage>, inout UnsafeMutablePointer<VipsImage>?) ->
            CInt
    ) -> VipsImageReference? {
        VipsImageReference { operation(pointer, &$0) }
    }

    /// Computes all pixels into memory that the caller owns (g_free), or `nil` where that fails.
    func render() -> UnsafeMutableRawBufferPointer? {
        var size = 0
        guard let memory = vips_image_write_to_memory(pointer, &size) else { return nil }
        return UnsafeMutableRawBufferPointer(start: memory, count: size)
    }
}
