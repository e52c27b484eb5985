public import Foundation
import NIOSSL

/// What a server shows of itself to clients that come by HTTPS.
public struct ServerCertificate: Sendable {
    let configuration: TLSConfiguration
    /// When it ended, where it has.
    package let expired: Date?

    /// - Parameters:
    ///   - file: PEM, the server's own certificate first, then those that vouch for it.
    ///   - key: PEM, its private key without a passphrase.
    /// - Throws: ``ServiceFileError``, for files that cannot be read or do not belong together.
    public init(file: URL, key: URL) throws {
        guard let chain = try? NIOSSLCertificate.fromPEMFile(file.path), !chain.isEmpty else {
            throw ServiceFileError("\(file.path) has no certificate; give a file in the PEM format")
        }
        guard let privateKey = try? NIOSSLPrivateKey(file: key.path, format: .pem) else {
            throw ServiceFileError(
                "\(key.path) has no private key; give a file in the PEM format, without a passphrase"
            )
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        // Earlier ones are deprecated (RFC 8996).
        configuration.minimumTLSVersion = .tlsv12
        self.configuration = configuration
        let end = Date(timeIntervalSince1970: Double(chain[0].notValidAfter))
        expired = end < .now ? end : nil
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            throw ServiceFileError(
                "\(file.path) and \(key.path) do not belong together; give a certificate and its "
                    + "own key")
        }
    }
}
