import NIOCore

/// How long a connection may be of no use.
struct ConnectionTimeouts: Sendable {
    /// Between requests, and for a request's head.
    var idle = TimeAmount.seconds(30)
    /// For a client to read what is written to it.
    var write = TimeAmount.seconds(30)
    /// For the rest of a body whose request has been answered already, as a refused one has.
    var answeredBody = TimeAmount.seconds(5)
    /// For the answer to a client that has sent its last: most of those have gone, and the others
    /// cannot be told from them.
    var halfClosed = TimeAmount.milliseconds(100)
}
