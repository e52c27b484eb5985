import BlipResources
import Crypto
import Foundation
import Hummingbird

/// The pages, such as that at `/`, on which a browser tries the server: files that load nothing from elsewhere. And
/// what the server speaks, as an OpenAPI 3.1 document; written by hand, a test holds it against the routes.
enum PageRoutes {
    static func add(to router: Router<ServiceRequestContext>) {
        add(page: "page.html", at: "/", to: router)
        let document = resource("openapi.json")
        router.get("/openapi.json") { _, _ in Response(document, type: "application/json") }
    }

    /// Serves a file of the target's resources as a page, with the style that all pages share in its own.
    static func add(
        page name: String, at path: RouterPath, to router: Router<ServiceRequestContext>
    ) {
        let page = String(decoding: resource(name), as: UTF8.self).replacing(
            "/* pages.css */", with: String(decoding: resource("pages.css"), as: UTF8.self))
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-cache",
            .contentSecurityPolicy: policy(for: page),
        ]
        headers["referrer-policy"] = "no-referrer"
        router.get(path) { [headers] _, _ in
            Response(
                status: .ok, headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
        }
    }

    private static func resource(_ name: String) -> Data {
        let file = ResourceFolder.url(of: "BlipServer").appending(path: name)
        return (try? Data(contentsOf: file)) ?? Data()
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
            + "img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'"
    }
}
