import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension HubClient.Answer {
    /// Whether the bytes are those that follow the first `offset` of the file.
    ///
    /// A range of a compressed form is none, and some proxies answer with another range.
    func isContinuation(from offset: Int) -> Bool {
        guard response.status == .partialContent,
            (response.headers.first(name: "content-encoding") ?? "identity") == "identity"
        else { return false }
        let range = response.headers.first(name: "content-range")
        return range.map { $0.hasPrefix("bytes \(offset)-") } ?? true
    }

    /// The next bytes.
    ///
    /// - Throws: ``Unreachable`` where the connection breaks, and `CancellationError`.
    func next(
        _ body: inout HTTPClientResponse.Body.AsyncIterator
    ) async throws -> ByteBuffer? {
        do {
            return try await body.next()
        } catch {
            throw try Unreachable(error, address: address, proxy: nil)
        }
    }
}
