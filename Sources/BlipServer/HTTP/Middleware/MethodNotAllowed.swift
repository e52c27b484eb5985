import Hummingbird

extension Router<ServiceRequestContext> {
    /// Has every path answer 405 with `Allow` (RFC 9110, 15.5.6) to the methods that it has no route
    /// for; to be called when all routes are there.
    func refuseOtherMethods() {
        for routes in Dictionary(grouping: routes, by: \.path.description).values {
            var allowed = Set(routes.map(\.method))
            if allowed.contains(.get) { allowed.insert(.head) }
            let list = allowed.map(\.rawValue).sorted().joined(separator: ", ")
            for method in Self.methods where !allowed.contains(method) {
                on(routes[0].path, method: method) { request, _ -> Response in
                    throw ServiceError(
                        .methodNotAllowed, "method_not_allowed",
                        "\(request.method) is not possible here; use \(list)", allow: list)
                }
            }
        }
    }

    private static var methods: [HTTPRequest.Method] {
        [.get, .head, .post, .put, .patch, .delete, .options, .trace, .init("QUERY")].compactMap(
            \.self)
    }
}
