import NIOCore
import NIOHTTP1

/// What HTTP (RFC 9110, RFC 9112) asks of a server and its libraries leave open: no body after HEAD,
/// and HTTP/1.0 as it is, without chunks and interim answers, its connection closed after the answer.
///
/// All its calls come on the connection's event loop.
final class HTTPConformanceHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private struct RequestTraits {
        let isHead: Bool
        let isHTTP10: Bool
        let isLast: Bool
    }

    /// Requests that are not answered yet, in their order.
    private var unanswered: CircularBuffer<RequestTraits> = []

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else {
            context.fireChannelRead(data)
            return
        }
        let isHTTP10 = (head.version.major, head.version.minor) < (1, 1)
        let isLast = isHTTP10 || !head.isKeepAlive
        unanswered.append(
            RequestTraits(isHead: head.method == .HEAD, isHTTP10: isHTTP10, isLast: isLast))
        // The one way to say it that the server's library looks for.
        if isLast { head.headers.replaceOrAdd(name: "connection", value: "close") }
        // Only HTTP/1.1 asks for one; empty it names nobody.
        if isHTTP10, !head.headers.contains(name: "host") {
            head.headers.add(name: "host", value: "")
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        guard let request = unanswered.first else {
            context.write(data, promise: promise)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.code < 200 && request.isHTTP10: promise?.succeed()
        case .head(var head) where head.status.code >= 200:
            if request.isLast { head.headers.replaceOrAdd(name: "connection", value: "close") }
            if request.isHTTP10 { head.version = .http1_0 }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body where request.isHead: promise?.succeed()
        case .end:
            unanswered.removeFirst()
            context.write(data, promise: promise)
        default: context.write(data, promise: promise)
        }
    }
}
