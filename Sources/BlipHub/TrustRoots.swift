import Foundation
import NIOSSL

/// The certificates that sign what is trusted: those that the environment names, as OpenSSL and
/// Python's `requests` read it, or the system's.
struct TrustRoots: Sendable {
    private let variables: [String: String]
    private let systemFiles: [String]
    private let systemFolders: [String]

    /// - Parameters:
    ///   - systemFiles: Debian's, Alpine's and Arch's; Fedora's; openSUSE's; OpenSSL's own.
    ///   - systemFolders: the same, a certificate a file.
    init(
        _ environment: [String: String],
        systemFiles: [String] = [
            "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
        ], systemFolders: [String] = ["/etc/ssl/certs", "/etc/pki/tls/certs"]
    ) {
        variables = environment.filter {
            $0.key.hasPrefix("SSL_CERT_") || $0.key.hasSuffix("_CA_BUNDLE")
        }
        self.systemFiles = systemFiles
        self.systemFolders = systemFolders
    }

    /// - Throws: ``HubError`` where a file that is named holds none, or the system has none.
    func load() throws(HubError) -> NIOSSLTrustRoots {
        let named = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]
            .filter { variables[$0]?.isEmpty == false }
        let folders = variables["SSL_CERT_DIR"]?.split(separator: ":").map(String.init)
        #if !os(Linux)
            if named.isEmpty, folders == nil { return .default }
        #endif
        let files =
            named.isEmpty
            ? systemFiles.filter(FileManager.default.fileExists).prefix(1)
            : named.compactMap { variables[$0] }[...]
        var certificates = Set(files.flatMap(Self.certificates))
        if certificates.isEmpty, let name = named.first {
            throw HubError(
                .invalidName,
                "\(name) names \(files[0].printable), which holds no certificates that can be read; "
                    + "name a file that holds -----BEGIN CERTIFICATE-----, or install the package "
                    + "ca-certificates")
        }
        // As OpenSSL does: a file that is named stands beside the system's folder.
        if !named.isEmpty || folders != nil || certificates.isEmpty {
            certificates.formUnion((folders ?? systemFolders).flatMap(Self.certificates))
        }
        guard !certificates.isEmpty else {
            throw HubError(
                .unavailable,
                "This system has no certificates to trust, so that nothing can be fetched over "
                    + "https; install the package ca-certificates, or set SSL_CERT_FILE")
        }
        return .certificates(Array(certificates))
    }

    /// Those of a file, or of all files of a folder; what is none is passed over.
    @Sendable private static func certificates(_ path: String) -> Set<NIOSSLCertificate> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let files = names.isEmpty ? [path] : names.map { "\(path)/\($0)" }
        return Set(files.flatMap { (try? NIOSSLCertificate.fromPEMFile($0)) ?? [] })
    }
}
