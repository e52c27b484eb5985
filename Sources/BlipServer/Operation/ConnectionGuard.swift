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
    /// For the answer to a client that has sent its last: most of those have gone, and the others
    /// cannot be told from them.
    var halfClosed = TimeAmount.milliseconds(100)
    /// For running requests when the server ends.
    var drain = Duration.seconds(20)
}

/// Closes connections of clients that do not read their answers, of those that go on sending a body
/// that nobody wants any more, and of those that left before their answer.
///
/// All its calls come on the connection's event loop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let times: ConnectionTimes
    private let connections: Connections
    private var writeLimit: Scheduled<Void>?
    private var bodyLimit: Scheduled<Void>?
    private var leaveLimit: Scheduled<Void>?
    private var requests = 0
    private var answers = 0
    private var isBodyOpen = false
    /// Bytes that came after the answer.
    private var surplus = 0

    init(_ times: ConnectionTimes, _ connections: Connections) {
        self.times = times
        self.connections = connections
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connections.rest(context.channel, isNew: true)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            if requests == answers { connections.work(context.channel) }
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
        guard case .end = unwrapOutboundIn(data) else {
            context.write(data, promise: promise)
            return
        }
        answers += 1
        if answers == requests, isBodyOpen {
            bodyLimit = closing(context, in: times.answeredBody)
        }
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.assumeIsolated().whenSuccess { [self] in
            if answers == requests { connections.rest(context.channel) }
        }
        context.write(data, promise: written)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed, requests > answers {
            leaveLimit = closing(context, in: times.halfClosed)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        cancel(&writeLimit)
        if !context.channel.isWritable { writeLimit = closing(context, in: times.write) }
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cancel(&writeLimit)
        cancel(&bodyLimit)
        cancel(&leaveLimit)
        connections.work(context.channel)
    }

    private func closing(_ context: ChannelHandlerContext, in time: TimeAmount) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    private func cancel(_ limit: inout Scheduled<Void>?) {
        limit?.cancel()
        limit = nil
    }
}
