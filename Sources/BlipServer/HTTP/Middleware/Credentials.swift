import NIOSSL
import Synchronization

/// The keys and the certificate that are in force; they may be replaced while the server runs.
final class Credentials: Sendable {
    private struct State {
        var apiKeys: APIKeys?
        var certificate: ServerCertificate?
    }

    private let state: Mutex<State>

    init(apiKeys: APIKeys?, certificate: ServerCertificate?) {
        state = Mutex(State(apiKeys: apiKeys, certificate: certificate))
    }

    var apiKeys: APIKeys? { state.withLock { $0.apiKeys } }

    /// Replaces what is there already; whoever is served without keys or by HTTP goes on so.
    func replace(apiKeys: APIKeys?, certificate: ServerCertificate?) {
        state.withLock { state in
            if state.apiKeys != nil, let apiKeys { state.apiKeys = apiKeys }
            if state.certificate != nil, let certificate { state.certificate = certificate }
        }
    }

    /// For a server that shows each connection the certificate that is in force then.
    var tlsConfiguration: TLSConfiguration? {
        guard var configuration = state.withLock({ $0.certificate?.configuration }) else {
            return nil
        }
        configuration.sslContextCallback = { [self] _, promise in
            var override = NIOSSLContextConfigurationOverride()
            let current = state.withLock { $0.certificate?.configuration }
            override.certificateChain = current?.certificateChain
            override.privateKey = current?.privateKey
            promise.succeed(override)
        }
        return configuration
    }
}
