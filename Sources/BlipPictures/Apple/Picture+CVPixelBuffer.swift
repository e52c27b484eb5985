#if canImport(CoreVideo)
    public import CoreVideo

    extension Picture {
        /// Makes a picture of a camera's or a film's frame, which is copied.
        ///
        /// - Parameter frame: of 32 bits a pixel, BGRA or RGBA, of 24 bits RGB, or of 8 bits grey.
        /// - Throws: ``PictureError`` for frames of other formats, such as YCbCr.
        public init(_ frame: CVPixelBuffer) throws(PictureError) {
            let format: PixelFormat
            switch CVPixelBufferGetPixelFormatType(frame) {
            case kCVPixelFormatType_32BGRA: format = .bgra
            case kCVPixelFormatType_32RGBA: format = .rgba
            case kCVPixelFormatType_24RGB: format = .rgb
            case kCVPixelFormatType_OneComponent8: format = .grey
            default:
                throw PictureError(
                    .unsupportedPixels,
                    "The frame is neither BGRA, RGBA, RGB nor grey; ask the camera for kCVPixelFormatType_32BGRA."
                )
            }
            guard CVPixelBufferLockBaseAddress(frame, .readOnly) == kCVReturnSuccess else {
                throw PictureError(
                    .unsupportedPixels, "The frame's memory cannot be read; take the next one.")
            }
            defer { CVPixelBufferUnlockBaseAddress(frame, .readOnly) }
            guard let memory = CVPixelBufferGetBaseAddress(frame) else {
                throw PictureError(
                    .unsupportedPixels,
                    "The frame has no memory of its own; ask the camera for another format.")
            }
            let bytesPerRow = CVPixelBufferGetBytesPerRow(frame)
            let height = CVPixelBufferGetHeight(frame)
            try self.init(
                width: CVPixelBufferGetWidth(frame), height: height, format: format,
                bytesPerRow: bytesPerRow,
                bytes: UnsafeRawBufferPointer(
                    start: memory, count: bytesPerRow * height))
        }
    }
#endif
