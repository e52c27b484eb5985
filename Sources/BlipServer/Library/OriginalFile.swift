import BlipPictures
import Foundation
import Hummingbird
import NIOPosix

/// Gives a library's file out as it is, a piece at a time.
enum OriginalFile {
    /// - Throws: ``ServiceError`` where it is no longer there, or no longer a picture.
    static func response(_ file: PhotoFile) async throws -> Response {
        let path = RawPath(file.url)
        let reader = try await NIOThreadPool.singleton.runIfActive { try FileReader(path) }
        var headers: HTTPFields = [
            .contentType: reader.type, .contentLength: "\(reader.size)",
            .cacheControl: "private, max-age=86400",
            .contentSecurityPolicy: "default-src 'none'; sandbox",
        ]
        headers["x-content-type-options"] = "nosniff"
        headers[.contentDisposition] = "inline; filename*=UTF-8''\(encoded(path.lastComponent))"
        let body = ResponseBody(contentLength: reader.size) { writer in
            var left = reader.size
            while left > 0 {
                let wanted = min(left, 1 << 18)
                let bytes = try await NIOThreadPool.singleton.runIfActive {
                    try reader.read(wanted)
                }
                // One that was cut short since: the client sees that its end is missing.
                if bytes.isEmpty { throw CancellationError() }
                left -= bytes.count
                try await writer.write(ByteBuffer(bytes: bytes))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    /// As a header has it (RFC 8187).
    private static func encoded(_ name: RawPath) -> String {
        name.bytes.map { byte in
            (48...57).contains(byte) || (65...90).contains(byte & 0xDF) || byte == 46
                ? String(UnicodeScalar(byte)) : String(format: "%%%02X", byte)
        }.joined()
    }

    /// An open file, closed with the last use.
    private final class FileReader: Sendable {
        private let descriptor: CInt
        let size: Int
        let type: String

        init(_ path: RawPath) throws {
            // Without O_NONBLOCK, opening a pipe would wait for ever.
            descriptor = path.withCString { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
            var status = stat()
            guard descriptor >= 0, fstat(descriptor, &status) == 0,
                status.st_mode & S_IFMT == S_IFREG, status.st_size <= Limits.originalBytes
            else {
                if descriptor >= 0 { close(descriptor) }
                throw Self.gone
            }
            size = Int(status.st_size)
            var head = [UInt8](repeating: 0, count: 512)
            let count = pread(descriptor, &head, head.count, 0)
            // A name may lead to something else than when the library saw it.
            guard let type = FileBytes.mediaType(head.prefix(max(0, count))) else {
                close(descriptor)
                throw Self.gone
            }
            self.type = type
        }

        deinit { close(descriptor) }

        func read(_ count: Int) throws -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: count)
            let count = Foundation.read(descriptor, &bytes, count)
            guard count >= 0 else { throw Self.gone }
            return Array(bytes.prefix(count))
        }

        private static let gone = ServiceError(
            .notFound, "picture_gone",
            "The picture is no longer where the library saw it; index again")
    }
}
