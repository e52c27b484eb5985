import Foundation
import NIOCore

/// Where a picture is to be fetched from.
struct PictureURL: Sendable, Hashable {
    let url: URL
    let host: String
    let port: Int

    /// - Parameter relativeTo: what a redirection's address may be relative to.
    /// - Throws: ``ServiceError``, for what is no address of the web.
    init(_ text: String, relativeTo base: URL? = nil) throws(ServiceError) {
        guard let url = URL(string: text, relativeTo: base)?.absoluteURL,
            let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = url.host(percentEncoded: false)?.lowercased(), !host.isEmpty,
            url.user == nil, url.password == nil
        else { throw Self.refused("it is no http or https URL, or it has a user's name") }
        self.url = url
        self.host = host
        port = url.port ?? (scheme == "https" ? 443 : 80)
    }

    /// As lists of allowed hosts have it: the port only where it is not the scheme's own.
    var hostAndPort: String {
        port == (url.scheme?.lowercased() == "https" ? 443 : 80) ? host : "\(host):\(port)"
    }

    static func refused(_ why: String) -> ServiceError {
        ServiceError(
            .badRequest, "url_refused",
            "The picture's URL is refused: \(why); send the picture's bytes as a data URL, "
                + "data:image/png;base64,…")
    }
}

extension SocketAddress {
    /// Whether it belongs to the internet at large, by IANA's registries of special addresses; no
    /// host of a private network, of this machine or of a cloud's insides does.
    var isPublic: Bool {
        switch self {
        case .v4(let address):
            // The address as four bytes, whatever the platform calls its fields.
            let bytes = withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
            let number = bytes.reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
            return !Self.special.contains { number >> (32 - $0.1) == $0.0 >> (32 - $0.1) }
        case .v6(let address):
            let bytes = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
            // Global unicast but Teredo, documentation and 6to4, which may stand for others.
            return bytes[0] >> 5 == 1
                && !bytes.starts(with: [0x20, 0x01, 0, 0])
                && !bytes.starts(with: [0x20, 0x01, 0x0D, 0xB8])
                && !bytes.starts(with: [0x20, 0x02])
        case .unixDomainSocket: return false
        }
    }

    /// Beginning and length of the prefix.
    private static let special: [(UInt32, UInt32)] = [
        (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8),
        (0xA9FE_0000, 16), (0xAC10_0000, 12), (0xC000_0000, 24), (0xC000_0200, 24),
        (0xC058_6300, 24), (0xC0A8_0000, 16), (0xC612_0000, 15), (0xC633_6400, 24),
        (0xCB00_7100, 24), (0xE000_0000, 3),
    ]
}
