internal import CVips
import Foundation

/// The bytes of a picture, freed with the last reference.
///
/// `@unchecked Sendable`: the bytes are written before the object exists (or inside `init`), and
/// nothing can write them after, so reading from several threads is safe.
final class PixelStorage: @unchecked Sendable {
    private let bytes: UnsafeMutableRawBufferPointer

    /// Takes ownership of memory that GLib allocated, as libvips hands out.
    init(takingOwnership bytes: UnsafeMutableRawBufferPointer) {
        self.bytes = bytes
    }

    /// Allocates `count` bytes and lets `fill` write every one of them.
    convenience init(count: Int, fill: (UnsafeMutableRawBufferPointer) -> Void) {
        // g_malloc, because deinit uses g_free; it returns NULL for a size of 0 only.
        let buffer = UnsafeMutableRawBufferPointer(start: g_malloc(gsize(count)), count: count)
        fill(buffer)
        self.init(takingOwnership: buffer)
    }

    convenience init(copying array: [UInt8]) {
        self.init(count: array.count) { buffer in
            array.withUnsafeBytes { buffer.copyMemory(from: $0) }
        }
    }

    func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // The pointer must not outlive self, and self could end with its last use before `body` does.
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(bytes))
    }

    deinit { g_free(bytes.baseAddress) }
}
