import NIOCore
import NIOHTTP1

/// What HTTP (RFC 9110, RFC 9112) asks of a server and its libraries leave open: no body after HEAD,
/// and HTTP/1.0 as it is, without chunks and interim answers, its connection closed after the answer.
///
/// All its calls come on the connection's event loop.
final class MessageRules: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private struct Asked {
        let isHead: Bool
        let isOld: Bool
        let isLast: Bool
    }

    /// Requests that are not answered yet, in their order.
    private var asked: CircularBuffer<Asked> = []

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else {
            context.fireChannelRead(data)
            return
        }
        let isOld = (head.version.major, head.version.minor) < (1, 1)
        let isLast = isOld || !head.isKeepAlive
        asked.append(Asked(isHead: head.method == .HEAD, isOld: isOld, isLast: isLast))
        // The one way to say it that the server's library looks for.
        if isLast { head.headers.replaceOrAdd(name: "connection", value: "close") }
        // Only HTTP/1.1 asks for one; empty it names nobody.
        if isOld, !head.headers.contains(name: "host") { head.headers.add(name: "host", value: "") }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        guard let request = asked.first else {
            context.write(data, promise: promise)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.code < 200 && request.isOld: promise?.succeed()
        case .head(var head) where head.status.code >= 200:
            if request.isLast { head.headers.replaceOrAdd(name: "connection", value: "close") }
            if request.isOld { head.version = .http1_0 }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body where request.isHead: promise?.succeed()
        case .end:
            asked.removeFirst()
            context.write(data, promise: promise)
        default: context.write(data, promise: promise)
        }
    }
}
