import Foundation
import Hummingbird

/// What the server speaks, as an OpenAPI 3.1 document at `/openapi.json`.
///
/// Written by hand; a test holds it against the routes.
struct DescriptionRoute: Sendable {
    private let document: Data

    init() {
        let file = Bundle.module.url(forResource: "openapi", withExtension: "json")
        document = file.flatMap { try? Data(contentsOf: $0) } ?? Data()
    }

    func add(to router: Router<BasicRequestContext>) {
        router.get("/openapi.json") { [document] _, _ in
            var headers = HTTPFields()
            headers[.contentType] = "application/json"
            return Response(
                status: .ok, headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: document)))
        }
    }
}
