import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// How long a connection may be of no use.
struct ConnectionTimes: Sendable {
    /// Between requests, and for a request's head.
    var idle = TimeAmount.seconds(30)
    /// For a client to read what is written to it.
    var write = TimeAmount.seconds(30)
    /// For the rest of a body whose request has been answered already, as a refused one has.
    var answeredBody = TimeAmount.seconds(5)
}

/// Closes connections of clients that do not read their answers, and of those that go on sending a
/// body that nobody wants any more.
///
/// All its calls come on the connection's event loop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let times: ConnectionTimes
    private var writeLimit: Scheduled<Void>?
    private var bodyLimit: Scheduled<Void>?
    private var requests = 0
    private var answers = 0
    private var isBodyOpen = false
    /// Bytes that came after the answer.
    private var surplus = 0

    init(_ times: ConnectionTimes) { self.times = times }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            requests += 1
            isBodyOpen = true
        case .body(let bytes):
            if bodyLimit != nil { surplus += bytes.readableBytes }
            if surplus > Limits.bytes { context.close(promise: nil) }
        case .end:
            isBodyOpen = false
            surplus = 0
            cancel(&bodyLimit)
        }
        context.fireChannelRead(data)
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        if case .end = unwrapOutboundIn(data) {
            answers += 1
            if answers == requests, isBodyOpen {
                bodyLimit = closing(context, in: times.answeredBody)
            }
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        cancel(&writeLimit)
        if !context.channel.isWritable { writeLimit = closing(context, in: times.write) }
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cancel(&writeLimit)
        cancel(&bodyLimit)
    }

    private func closing(_ context: ChannelHandlerContext, in time: TimeAmount) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    private func cancel(_ limit: inout Scheduled<Void>?) {
        limit?.cancel()
        limit = nil
    }
}
