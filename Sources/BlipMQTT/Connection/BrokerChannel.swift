import NIOCore
import NIOPosix
import NIOSSL

/// A connection to a broker, as packets.
typealias BrokerChannel = NIOAsyncChannel<IncomingPacket, OutgoingPacket>

extension BrokerConfiguration {
    /// - Throws: what the network or TLS says, or ``MQTTError`` for certificates that cannot be read.
    func openChannel() async throws -> BrokerChannel {
        let context = try encryption.map { try $0.context() }
        let seconds = connectTimeout / .milliseconds(1)
        return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.milliseconds(Int64(seconds)))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let context {
                        try pipeline.addHandler(try tlsHandler(context))
                    }
                    try pipeline.addHandler(
                        ByteToMessageHandler(PacketDecoder(maximumBytes: incomingBytes)))
                    try pipeline.addHandler(MessageToByteHandler(PacketEncoder()))
                    return try BrokerChannel(wrappingChannelSynchronously: channel)
                }
            }
    }

    private func tlsHandler(_ context: NIOSSLContext) throws -> NIOSSLClientHandler {
        // An address has no name to ask for; the certificate is held against the address itself.
        let isAddress = (try? SocketAddress(ipAddress: host, port: port)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }
}

extension BrokerConfiguration.Encryption {
    fileprivate func context() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        do {
            if let authorities {
                let certificates = try NIOSSLCertificate.fromPEMFile(authorities.path)
                configuration.trustRoots = .certificates(certificates)
            }
            if let certificate, let key {
                configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate.path)
                    .map { .certificate($0) }
                configuration.privateKey = .privateKey(
                    try NIOSSLPrivateKey(file: key.path, format: .pem))
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            let files = [authorities, certificate, key].compactMap { $0?.lastPathComponent }
            throw MQTTError(
                .invalidConfiguration,
                "\(files.joined(separator: ", ")): no PEM file with what it shall have; check the "
                    + "broker's certificate files")
        }
    }
}
