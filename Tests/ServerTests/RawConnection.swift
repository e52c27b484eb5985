import NIOCore
import NIOPosix

/// A connection whose client does as it likes: what it sends is no request unless it looks like one.
struct RawConnection {
    let channel: any Channel
    private let received: AsyncThrowingStream<String, any Error>

    /// - Parameter reads: whether it reads what it is answered.
    static func with(
        port: Int, reads: Bool = true, _ body: (RawConnection) async throws -> Void
    ) async throws {
        let (received, source) = AsyncThrowingStream<String, any Error>.makeStream()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Receiver(source))
                }
            }.connect(host: "127.0.0.1", port: port).get()
        do {
            try await body(RawConnection(channel: channel, received: received))
        } catch {
            try? await channel.close()
            throw error
        }
        try? await channel.close()
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// What comes first.
    func first() async throws -> String? {
        var iterator = received.makeAsyncIterator()
        return try await iterator.next()
    }

    /// All that comes until the server closes the connection.
    func rest() async throws -> String { try await received.reduce(into: "") { $0 += $1 } }

    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let source: AsyncThrowingStream<String, any Error>.Continuation

        init(_ source: AsyncThrowingStream<String, any Error>.Continuation) {
            self.source = source
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            source.yield(String(buffer: unwrapInboundIn(data)))
        }

        // A reset is an end as well.
        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { source.finish() }
    }
}
