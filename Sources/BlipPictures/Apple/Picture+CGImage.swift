#if canImport(CoreGraphics)
    public import CoreGraphics

    extension Picture {
        /// Makes a picture of an image of Core Graphics, in sRGB; transparent pixels lie on black.
        ///
        /// - Throws: ``PictureError`` for an image that cannot be drawn.
        public init(_ image: CGImage) throws(PictureError) {
            let (width, height) = (image.width, image.height)
            var pixels = [UInt8](repeating: 0, count: 4 * width * height)
            let isDrawn = pixels.withUnsafeMutableBytes { buffer in
                guard let space = CGColorSpace(name: CGColorSpace.sRGB),
                    let context = CGContext(
                        data: buffer.baseAddress, width: width, height: height,
                        bitsPerComponent: 8, bytesPerRow: 4 * width, space: space,
                        bitmapInfo: CGImageAlphaInfo.noneSkipLast.rawValue)
                else { return false }
                context.draw(image, in: CGRect(x: 0, y: 0, width: width, height: height))
                return true
            }
            guard isDrawn else {
                throw PictureError(
                    .unsupportedPixels,
                    "The image of \(width) × \(height) pixels cannot be drawn; give one of at least one pixel."
                )
            }
            self = try pixels.withUnsafeBufferPointer { (buffer) throws(PictureError) in
                try Picture(
                    width: width, height: height, format: .rgba,
                    bytes: UnsafeRawBufferPointer(buffer))
            }
        }
    }
#endif
