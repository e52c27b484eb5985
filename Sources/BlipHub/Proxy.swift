import AsyncHTTPClient
import Foundation

/// A proxy, and the variable that names it. Its password is in no message.
struct Proxy: Sendable, Hashable {
    let route: HTTPClient.Configuration.Proxy
    let variable: String

    /// For messages.
    var name: String { "the proxy \(route.host):\(route.port) of \(variable)" }

    init(_ value: String, variable: String) throws(HubError) {
        self.variable = variable
        let value = value.trimmingCharacters(in: .whitespacesAndNewlines)
        let address = URL(string: value.contains("://") ? value : "http://\(value)")
        guard let address, let host = address.host(percentEncoded: false), !host.isEmpty,
            let scheme = address.scheme?.lowercased(),
            address.port.map({ (1...65_535).contains($0) }) ?? true,
            // Else a password with one of these is not encoded, and the host a part of it.
            ["", "/"].contains(address.path), address.query == nil, address.fragment == nil
        else {
            throw HubError(
                .invalidName,
                "\(variable) names no proxy; it is http://HOST:PORT or "
                    + "http://NAME:PASSWORD@HOST:PORT, where special characters of the password are "
                    + "written as %40 and the like")
        }
        let user = address.user(percentEncoded: false)
        switch scheme {
        case "http":
            route = .server(
                host: host, port: address.port ?? 80,
                authorization: user.map {
                    .basic(
                        username: $0,
                        password: address.password(percentEncoded: false) ?? "")
                })
        case "socks5", "socks5h", "socks":
            guard user == nil else {
                throw HubError(
                    .invalidName,
                    "\(variable) names a SOCKS proxy with a password, which is not supported; use "
                        + "an HTTP proxy, or a SOCKS proxy without a password")
            }
            route = .socksServer(host: host, port: address.port ?? 1080)
        default:
            throw HubError(
                .invalidName,
                "\(variable) names a proxy that is spoken to by \(scheme.printable), which is not "
                    + "supported; use http:// or socks5://")
        }
    }
}

extension Proxy: CustomStringConvertible, CustomReflectable {
    var description: String { name }
    var customMirror: Mirror { Mirror(self, children: []) }
}
