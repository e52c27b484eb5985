import BlipPictures
import Foundation

/// Where a request's picture comes from.
enum PictureSource {
    case file(RawPath)
    /// A file's bytes.
    case bytes([UInt8], name: String)
    /// Red, green and blue, rows from top to bottom.
    case pixels([UInt8], width: Int, height: Int)

    func picture(_ options: PictureOptions) throws(PictureError) -> Picture {
        switch self {
        case .file(let path): try Picture(contentsOf: path, options: options)
        case .bytes(let bytes, let name): try Picture(bytes: bytes, name: name, options: options)
        case .pixels(let bytes, let width, let height):
            try bytes.withUnsafeBufferPointer { (bytes) throws(PictureError) in
                try Picture(
                    width: width, height: height, format: .rgb,
                    bytes: UnsafeRawBufferPointer(bytes))
            }
        }
    }
}
