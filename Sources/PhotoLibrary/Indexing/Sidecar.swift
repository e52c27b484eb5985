import BlipPictures
import Foundation

/// A file of XMP beside a picture: `photo.jpg.xmp`, or `photo.xmp`.
struct Sidecar {
    let path: RawPath
    let stamp: FileStamp

    /// The first that is there.
    init?(of picture: RawPath) {
        for path in Self.places(of: picture) {
            if let stamp = FileStamp(of: path) {
                self.path = path
                self.stamp = stamp
                return
            }
        }
        return nil
    }

    private static func places(of picture: RawPath) -> [RawPath] {
        let full = RawPath(bytes: picture.bytes + Array(".xmp".utf8))
        guard let dot = picture.bytes.lastIndex(of: UInt8(ascii: ".")) else { return [full] }
        return [full, RawPath(bytes: picture.bytes[..<dot] + Array(".xmp".utf8))]
    }

    /// A number that changes when the sidecar does; 0 stands for none.
    static func mark(_ sidecar: Sidecar?) -> Int64 {
        guard let stamp = sidecar?.stamp else { return 0 }
        return stamp.modified &* 31 &+ stamp.size | 1
    }

    /// Its words, or a sentence that says why it has none.
    func words() -> Result<ExistingWords, LibraryError> {
        do {
            let bytes = try FileBytes(limit: 16 << 20, isWanted: { _ in true }).read(path)
            return .success(try ExistingWords(xmp: bytes))
        } catch let error as ElementReader.Refusal {
            return .failure(
                LibraryError(
                    .invalidQuery,
                    "\(path) is no sidecar that can be read, since \(error.reason); its words are left "
                        + "out."))
        } catch {
            return .failure(
                LibraryError(.invalidQuery, "\(path): its words are left out, since \(error)"))
        }
    }
}
