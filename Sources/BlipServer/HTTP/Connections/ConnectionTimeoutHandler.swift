import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes connections of clients that do not read their answers, of those that go on sending a body
/// that nobody wants any more, and of those that left before their answer.
///
/// All its calls come on the connection's event loop.
final class ConnectionTimeoutHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let timeouts: ConnectionTimeouts
    private let connections: ConnectionLimiter
    private var writeTimeout: Scheduled<Void>?
    private var bodyTimeout: Scheduled<Void>?
    private var halfClosedTimeout: Scheduled<Void>?
    private var requests = 0
    private var answers = 0
    private var isBodyOpen = false
    /// Bytes that came after the answer.
    private var bytesAfterAnswer = 0

    init(_ timeouts: ConnectionTimeouts, _ connections: ConnectionLimiter) {
        self.timeouts = timeouts
        self.connections = connections
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connections.markIdle(context.channel, isNew: true)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            if requests == answers { connections.markBusy(context.channel) }
            requests += 1
            isBodyOpen = true
        case .body(let bytes):
            if bodyTimeout != nil { bytesAfterAnswer += bytes.readableBytes }
            if bytesAfterAnswer > Limits.bodyBytes { context.close(promise: nil) }
        case .end:
            isBodyOpen = false
            bytesAfterAnswer = 0
            cancel(&bodyTimeout)
        }
        context.fireChannelRead(data)
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        guard case .end = unwrapOutboundIn(data) else {
            context.write(data, promise: promise)
            return
        }
        answers += 1
        if answers == requests, isBodyOpen {
            bodyTimeout = close(context, in: timeouts.answeredBody)
        }
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.assumeIsolated().whenSuccess { [self] in
            if answers == requests { connections.markIdle(context.channel) }
        }
        context.write(data, promise: written)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed, requests > answers {
            halfClosedTimeout = close(context, in: timeouts.halfClosed)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        cancel(&writeTimeout)
        if !context.channel.isWritable { writeTimeout = close(context, in: timeouts.write) }
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cancel(&writeTimeout)
        cancel(&bodyTimeout)
        cancel(&halfClosedTimeout)
        connections.markBusy(context.channel)
    }

    private func close(_ context: ChannelHandlerContext, in time: TimeAmount) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    private func cancel(_ limit: inout Scheduled<Void>?) {
        limit?.cancel()
        limit = nil
    }
}
