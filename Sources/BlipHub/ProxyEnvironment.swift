import Foundation

/// The proxies that the environment names, read as curl and Python read them.
struct ProxyEnvironment: Sendable {
    private let variables: [String: String]
    private let exceptions: ProxyExceptions

    init(_ environment: [String: String]) {
        variables = environment.filter { $0.key.lowercased().hasSuffix("_proxy") }
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

extension ProxyEnvironment: CustomStringConvertible, CustomReflectable {
    /// Without the passwords.
    var description: String { "the proxies of \(variables.keys.sorted())" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
