import AsyncHTTPClient
import Foundation

/// The proxies that the environment names, read as curl and Python read them.
struct ProxyEnvironment: Sendable {
    private let variables: [String: String]
    private let exceptions: ProxyExceptions

    init(_ environment: [String: String]) {
        variables = environment
        exceptions = ProxyExceptions(Self.setting("no_proxy", in: environment)?.value ?? "")
    }

    /// The proxy that leads to an address, or `nil` where it is asked directly.
    ///
    /// - Throws: ``HubError`` for a variable that names no proxy that is spoken to here.
    func proxy(for address: URL) throws(HubError) -> Proxy? {
        guard let scheme = address.scheme?.lowercased(), let host = address.host,
            !exceptions.contains(host, port: address.port ?? (scheme == "https" ? 443 : 80)),
            let setting = Self.setting("\(scheme)_proxy", in: variables)
                ?? Self.setting("all_proxy", in: variables)
        else { return nil }
        return try Proxy(setting.value, variable: setting.name)
    }

    /// Lower case comes first; there, an empty value means that there is none.
    private static func setting(
        _ name: String, in environment: [String: String]
    ) -> (name: String, value: String)? {
        for name in [name, name.uppercased()] {
            if let value = environment[name] { return value.isEmpty ? nil : (name, value) }
        }
        return nil
    }
}

/// A proxy, and the variable that names it. Its password is in no message.
struct Proxy: Sendable, Hashable {
    let route: HTTPClient.Configuration.Proxy
    let variable: String

    /// For messages.
    var name: String { "the proxy \(route.host):\(route.port) of \(variable)" }

    init(_ value: String, variable: String) throws(HubError) {
        self.variable = variable
        let address = URL(string: value.contains("://") ? value : "http://\(value)")
        guard let address, let host = address.host(percentEncoded: false), !host.isEmpty,
            let scheme = address.scheme?.lowercased(),
            address.port.map({ (1...65_535).contains($0) }) ?? true
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
