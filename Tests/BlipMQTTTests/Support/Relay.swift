import NIOCore
import NIOPosix
import Synchronization

/// Hands bytes on between a client and a broker in small pieces, and cuts connections.
final class Relay: Sendable {
    let port: Int
    private let server: any Channel

    /// - Parameters:
    ///   - pieces: bytes of a piece, at most.
    ///   - cuts: after how many bytes from the client a connection is cut, by its number; `nil` for never.
    ///   - answerCuts: the same of bytes from the broker.
    init(
        to broker: Int, pieces: Int, cuts: @escaping @Sendable (Int) -> Int?,
        answerCuts: @escaping @Sendable (Int) -> Int? = { _ in nil }
    ) async throws {
        let connections = Mutex(0)
        server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { client in
                // Nothing is read before there is someone to hand it to.
                let number = connections.withLock { count in
                    defer { count += 1 }
                    return count
                }
                let (cut, answerCut) = (cuts(number), answerCuts(number))
                return ClientBootstrap(group: client.eventLoop)
                    .channelInitializer { broker in
                        broker.eventLoop.makeCompletedFuture {
                            try broker.pipeline.syncOperations.addHandler(
                                HandOn(to: client, pieces: pieces, cut: answerCut))
                        }
                    }
                    .connect(host: "127.0.0.1", port: broker)
                    .flatMap { broker in
                        client.eventLoop.makeCompletedFuture {
                            try client.pipeline.syncOperations.addHandler(
                                HandOn(to: broker, pieces: pieces, cut: cut))
                        }
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = server.localAddress?.port ?? 0
    }

    func close() async { try? await server.close() }
}

private final class HandOn: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private let pieces: Int
    private var left: Int?

    init(to other: any Channel, pieces: Int, cut: Int?) {
        self.other = other
        self.pieces = pieces
        left = cut
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        while let piece = bytes.readSlice(length: min(pieces, bytes.readableBytes)),
            piece.readableBytes > 0
        {
            let allowed = min(piece.readableBytes, left ?? piece.readableBytes)
            if let allowedPiece = piece.getSlice(at: piece.readerIndex, length: allowed) {
                other.writeAndFlush(allowedPiece, promise: nil)
            }
            left = left.map { $0 - allowed }
            if left == 0 {
                context.close(promise: nil)
                return
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
