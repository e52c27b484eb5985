import Crypto
import Foundation
import Hummingbird

/// The page at `/`, on which a browser tries the server: one file that loads nothing from elsewhere.
struct PageRoute: Sendable {
    private let page: Data
    private let policy: String

    init() {
        let file = Bundle.module.url(forResource: "page", withExtension: "html")
        page = file.flatMap { try? Data(contentsOf: $0) } ?? Data()
        policy = Self.policy(for: String(decoding: page, as: UTF8.self))
    }

    func add(to router: Router<BasicRequestContext>) {
        router.get("/") { [page, policy] _, _ in
            var headers = HTTPFields()
            headers[.contentType] = "text/html; charset=utf-8"
            headers[.contentSecurityPolicy] = policy
            headers[.cacheControl] = "no-cache"
            headers["referrer-policy"] = "no-referrer"
            return Response(
                status: .ok, headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: page)))
        }
    }

    /// Lets run the page's own script and style, told by their hashes, and nothing else.
    private static func policy(for page: String) -> String {
        let hash = { (tag: String) -> String in
            guard let start = page.range(of: "<\(tag)>"),
                let end = page.range(of: "</\(tag)>", range: start.upperBound..<page.endIndex)
            else { return "'none'" }
            let digest = SHA256.hash(data: Data(page[start.upperBound..<end.lowerBound].utf8))
            return "'sha256-\(Data(digest).base64EncodedString())'"
        }
        return "default-src 'none'; script-src \(hash("script")); style-src \(hash("style")); "
            + "img-src blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'"
    }
}
