public import Foundation

/// Where the hub and its cache are, as the environment variables of `huggingface_hub` say.
public struct HubConfiguration: Sendable {
    /// The hub's address.
    public var endpoint: URL
    /// Sent to the hub, and to no other host.
    public var token: AccessToken?
    /// The cache's folder.
    public var cache: URL
    /// Nothing may be fetched.
    public var isOffline: Bool
    /// The pause before the second try; each further one is twice as long.
    package var backoff: Duration = .seconds(1)
    /// How often a request is tried that the hub refuses for the moment.
    package var tries = 5
    /// How long a connection may be silent.
    package var idleTimeout: Duration = .seconds(20)
    /// The cache gets copies instead of links.
    package var copiesFiles = false
    /// None, unless the configuration comes from the environment.
    var proxies = ProxyEnvironment([:])
    /// The system's, unless the configuration comes from the environment.
    var trustRoots = TrustRoots([:])

    /// - Parameters:
    ///   - endpoint: the hub's address, with the scheme `http` or `https`.
    ///   - token: sent to the hub, and to no other host.
    ///   - cache: the cache's folder, which need not exist.
    ///   - isOffline: whether nothing may be fetched.
    public init(
        endpoint: URL, token: AccessToken? = nil, cache: URL, isOffline: Bool = false
    ) {
        self.endpoint = endpoint
        self.token = token
        self.cache = cache
        self.isOffline = isOffline
    }

    /// From the environment variables of `huggingface_hub`, with its defaults: `HF_ENDPOINT`,
    /// `HF_TOKEN`, `HF_TOKEN_PATH`, `HF_HUB_DISABLE_IMPLICIT_TOKEN`, `HF_HUB_CACHE`, `HF_HOME`,
    /// `XDG_CACHE_HOME`, `HF_HUB_OFFLINE`, `HF_HUB_DOWNLOAD_TIMEOUT`, `HF_HUB_DISABLE_SYMLINKS`, and
    /// their older names. The proxies are those of `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and
    /// `NO_PROXY`; the certificates those of `SSL_CERT_FILE`, `SSL_CERT_DIR`, `REQUESTS_CA_BUNDLE`
    /// and `CURL_CA_BUNDLE`.
    ///
    /// - Throws: ``HubError`` for an endpoint that is no address.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(HubError) {
        let variables = HubEnvironment(variables: environment)
        let address =
            variables.value("HF_ENDPOINT")?.trimmingCharacters(in: .whitespacesAndNewlines)
            ?? "https://huggingface.co"
        guard let endpoint = URL(string: address), let scheme = endpoint.scheme?.lowercased(),
            ["http", "https"].contains(scheme), endpoint.host != nil
        else {
            throw HubError(
                .invalidName,
                // Without what may be a name and a password.
                "HF_ENDPOINT is \"\(String(address.split(separator: "@").last ?? "").printable)\", which "
                    + "is no address; it begins with https://")
        }
        let home =
            variables.path("HF_HOME")
            ?? (variables.path("XDG_CACHE_HOME") ?? variables.home.appending(path: ".cache"))
            .appending(path: "huggingface")
        self.init(
            endpoint: endpoint, token: Self.token(variables, home: home),
            cache: variables.path("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")
                ?? home.appending(path: "hub"),
            isOffline: variables.isTrue("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"))
        copiesFiles = variables.isTrue("HF_HUB_DISABLE_SYMLINKS")
        if let seconds = variables.value("HF_HUB_DOWNLOAD_TIMEOUT").flatMap({ Int($0) }),
            (1...86_400).contains(seconds)
        {
            idleTimeout = .seconds(seconds)
        }
        proxies = ProxyEnvironment(environment)
        trustRoots = TrustRoots(environment)
    }

    private static func token(_ variables: HubEnvironment, home: URL) -> AccessToken? {
        if variables.isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN") { return nil }
        for name in ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"] {
            if let token = variables.value(name).flatMap({ AccessToken($0, from: name) }) {
                return token
            }
        }
        let file = variables.path("HF_TOKEN_PATH") ?? home.appending(path: "token")
        return (try? String(contentsOf: file, encoding: .utf8))
            .flatMap { AccessToken($0, from: file.path) }
    }
}
