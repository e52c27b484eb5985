/// How a resized pixel is made of the source's pixels, numbered as in Pillow and therefore in
/// `preprocessor_config.json`.
///
/// When shrinking, every filter but ``nearest`` widens with the scale, so that all source pixels
/// count (antialiasing).
public enum Resampling: Int, Sendable, Hashable, Codable, CaseIterable {
    /// The source pixel under the centre.
    case nearest = 0
    /// Lanczos' windowed sinc over three lobes.
    case lanczos = 1
    /// A triangle over two pixels.
    case bilinear = 2
    /// Keys' cubic convolution with a = -0.5 (Catmull-Rom) over four pixels: BLIP's.
    case bicubic = 3
    /// The mean of the covered pixels.
    case box = 4
    /// A Hamming-windowed sinc over two pixels.
    case hamming = 5

    /// Half the filter's width at scale 1, in source pixels.
    var support: Double {
        switch self {
        case .nearest: 0
        case .box: 0.5
        case .bilinear, .hamming: 1
        case .bicubic: 2
        case .lanczos: 3
        }
    }

    /// The filter's weight at a distance of `x` pixels from the centre.
    func weight(at x: Double) -> Double {
        let distance = x.magnitude
        switch self {
        case .nearest: return 0
        case .box: return x > -0.5 && x <= 0.5 ? 1 : 0
        case .bilinear: return max(0, 1 - distance)
        case .hamming:
            guard distance < 1 else { return 0 }
            return sinc(x) * (0.54 + 0.46 * cosine(.pi * x))
        case .bicubic:
            // R. Keys, "Cubic convolution interpolation for digital image processing", 1981.
            let a = -0.5
            if distance < 1 { return ((a + 2) * distance - (a + 3)) * distance * distance + 1 }
            if distance < 2 { return (((distance - 5) * distance + 8) * distance - 4) * a }
            return 0
        case .lanczos: return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0
        }
    }
}
