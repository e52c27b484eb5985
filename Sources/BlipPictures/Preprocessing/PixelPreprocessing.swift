/// How a picture becomes the numbers that a vision model was trained on: the settings of a Hugging
/// Face `preprocessor_config.json`, and the same steps as transformers' image processors take in
/// their PIL backend (resize, centre crop, rescale, normalize).
///
/// Decode it from the file, or start from BLIP's defaults:
///
/// ```swift
/// let preprocessing = PixelPreprocessing()
/// let pixels = try preprocessing.pixelValues(of: picture)   // 3 × 384 × 384
/// ```
package struct PixelPreprocessing: Sendable, Hashable {
    /// A size to resize to.
    package enum Size: Sendable, Hashable {
        /// Exactly this size, regardless of the picture's aspect.
        case exact(height: Int, width: Int)
        /// The shorter side gets this length, and the longer one keeps the aspect.
        case shortestEdge(Int)
    }

    /// Whether to resize.
    package var doResize = true
    /// The size to resize to, in pixels.
    package var size = Size.exact(height: 384, width: 384)
    /// The filter to resize with.
    package var resample = Resampling.bicubic
    /// Whether to cut ``cropSize`` out of the middle; what is missing is filled with 0.
    package var doCenterCrop = false
    /// The size of the centre crop in pixels; required where ``doCenterCrop`` is set.
    package var cropSize: CropSize?
    /// Whether to multiply pixels (0...255) by ``rescaleFactor``.
    package var doRescale = true
    /// Usually 1/255.
    package var rescaleFactor = 1.0 / 255
    /// Whether to subtract ``imageMean`` and divide by ``imageStd``.
    package var doNormalize = true
    /// A mean for each of red, green and blue. The default is CLIP's.
    package var imageMean = [0.48145466, 0.4578275, 0.40821073]
    /// A standard deviation for each of red, green and blue. The default is CLIP's.
    package var imageStd = [0.26862954, 0.26130258, 0.27577711]

    /// A height and a width in pixels.
    package struct CropSize: Sendable, Hashable {
        /// Pixels from top to bottom.
        package var height: Int
        /// Pixels from left to right.
        package var width: Int
        /// Makes a size.
        package init(height: Int, width: Int) {
            self.height = height
            self.width = width
        }
    }

    /// Makes BLIP's preprocessing: 384 × 384, bicubic, 1/255, CLIP's mean and deviation.
    package init() {}

    /// Resizes, crops, rescales and normalizes.
    ///
    /// - Throws: ``PictureError`` where the settings cannot be used, or make a picture that is
    ///   too large.
    package func pixelValues(of picture: Picture) throws(PictureError) -> PixelValues {
        try validate()
        var picture = picture
        if doResize {
            let target = resizedSize(of: picture)
            picture = try picture.resized(
                width: target.width, height: target.height, filter: resample)
        }
        if doCenterCrop, let cropSize { picture = picture.centerCropped(to: cropSize) }
        return PixelValues(
            values: Normalization(self).planes(of: picture),
            height: picture.height, width: picture.width)
    }

    /// Whether the size of what it makes depends on the picture's.
    package var keepsAspect: Bool {
        if doCenterCrop { return false }
        if doResize, case .exact = size { return false }
        return true
    }

    /// The shorter side exact, the longer one rounded down, as transformers does.
    private func resizedSize(of picture: Picture) -> (height: Int, width: Int) {
        switch size {
        case .exact(let height, let width): return (height, width)
        case .shortestEdge(let edge):
            if picture.width <= picture.height {
                return (Int(Double(edge * picture.height) / Double(picture.width)), edge)
            }
            return (edge, Int(Double(edge * picture.width) / Double(picture.height)))
        }
    }
}
