import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore

/// How an event is posted.
enum WebhookRequest {
    static func request(_ entry: WebhookQueue.Entry, to configuration: WebhookConfiguration)
        -> HTTPClientRequest
    {
        var request = HTTPClientRequest(url: configuration.url.absoluteString)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "User-Agent", value: "blip")
        request.headers.add(name: "X-Blip-Event", value: entry.id)
        // The client does not read them from the address.
        let address = URLComponents(url: configuration.url, resolvingAgainstBaseURL: true)
        if let user = address?.user {
            request.setBasicAuth(username: user, password: address?.password ?? "")
        }
        if let secret = configuration.secret {
            request.headers.add(
                name: "X-Blip-Signature", value: signature(of: entry.body, secret: secret))
        }
        request.body = .bytes(ByteBuffer(bytes: entry.body))
        return request
    }

    /// HMAC-SHA256 of the body, in the form that GitHub's webhooks have.
    static func signature(of body: Data, secret: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: body, using: SymmetricKey(data: Data(secret.utf8)))
        return "sha256=" + code.map { String(format: "%02x", $0) }.joined()
    }
}

/// What an answer means for the event.
enum WebhookOutcome: Equatable {
    case taken
    /// Never will be.
    case refused
    /// Tried again, not before so long where the receiver says so.
    case later(Duration?)

    init(status: UInt, retryAfter: String?) {
        switch status {
        case 200..<300: self = .taken
        // The event itself is not wanted; all others would wait behind it for ever.
        case 400, 405, 410, 413, 415, 422: self = .refused
        default:
            self = .later(retryAfter.flatMap(Int.init).map { .seconds(min(max($0, 0), 600)) })
        }
    }
}
