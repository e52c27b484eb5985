import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Tells clients that ask whether they shall send their body (`Expect: 100-continue`, RFC 9110) to
/// do so; curl waits a second for it with any picture over a megabyte.
final class ContinueHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundOut = HTTPResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data),
            head.headerFields[.expect]?.lowercased() == "100-continue",
            // A body that is too large is refused instead.
            head.headerFields[.contentLength].flatMap(Int.init).map({ $0 <= Limits.bodyBytes })
                ?? true
        {
            context.writeAndFlush(
                wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
        context.fireChannelRead(data)
    }
}
