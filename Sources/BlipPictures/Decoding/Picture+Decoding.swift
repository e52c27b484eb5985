public import Foundation

extension Picture {
    /// Reads a JPEG, PNG, WebP, GIF (first frame) or TIFF (first page) file.
    ///
    /// The format is told by the bytes, not by the name. Blocks while it reads and decodes.
    ///
    /// - Parameters:
    ///   - url: a file URL; bytes of the path that are not UTF-8 stand in it percent-encoded.
    ///   - options: limits and leniency.
    /// - Throws: ``PictureError``, naming the file.
    public init(
        contentsOf url: URL, options: PictureOptions = PictureOptions()
    ) throws(PictureError) {
        guard url.isFileURL else {
            throw PictureError(
                .missingFile,
                "\(url.absoluteString) is no file of this machine: download it, and pass its bytes."
            )
        }
        try self.init(contentsOf: RawPath(url), options: options)
    }

    /// The same of a path as it is written, which holds in a working folder of any name, too.
    package init(
        contentsOf path: RawPath, options: PictureOptions = PictureOptions()
    ) throws(PictureError) {
        let bytes = try FileBytes(for: options).read(path)
        try self.init(bytes: bytes, name: path.lastComponent.description, options: options)
    }

    /// Decodes the bytes of a JPEG, PNG, WebP, GIF (first frame) or TIFF (first page) file.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - name: what error messages call the picture.
    ///   - options: limits and leniency.
    /// - Throws: ``PictureError``.
    public init(
        bytes: [UInt8], name: String = "The picture", options: PictureOptions = PictureOptions()
    ) throws(PictureError) {
        self = try bytes.withUnsafeBufferPointer { (buffer) throws(PictureError) in
            try PictureDecoder(
                bytes: UnsafeRawBufferPointer(buffer), name: name, options: options
            ).decode()
        }
    }

    /// Decodes the bytes of a JPEG, PNG, WebP, GIF (first frame) or TIFF (first page) file.
    public init(
        bytes: Data, name: String = "The picture", options: PictureOptions = PictureOptions()
    ) throws(PictureError) {
        try self.init(bytes: [UInt8](bytes), name: name, options: options)
    }
}
