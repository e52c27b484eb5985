import BlipPictures
import Hummingbird

/// The cameras that are watched, and their page.
///
/// What changes something wants a body of a type that a foreign page may not send unasked, so that none
/// can do it in the name of who reads it.
struct CameraRoutes: Sendable {
    let monitor: any CameraMonitor
    let admission: Admission

    func add(to router: Router<ServiceRequestContext>) {
        PageRoutes.add(page: "cameras.html", at: "/cameras", to: router)
        router.get("/v1/cameras") { _, _ in
            try Response(
                json: OverviewRecord(
                    cameras: await monitor.cameras(), sensors: await monitor.sensors(),
                    events: await monitor.events()))
        }
        router.get("/v1/cameras/{camera}/frame") { _, context in
            let camera = try await camera(context)
            guard let frame = await monitor.frame(of: camera) else {
                throw ServiceError(
                    .notFound, "no_frame",
                    "The camera \(camera) has given no frame yet; wait for it")
            }
            var response = Response(try frame.jpeg(quality: 85), type: "image/jpeg")
            response.headers[.cacheControl] = "no-store"
            return response
        }
        router.post("/v1/cameras/{camera}/pause") { request, context in
            let camera = try await camera(context)
            let body = try await json(PauseRequest.self, of: request)
            await monitor.setPaused(body.paused, camera: camera)
            return try Response(json: body)
        }
        router.post("/v1/cameras/{camera}/look") { request, context in
            let camera = try await camera(context)
            _ = try await json([String: String].self, of: request)
            await monitor.look(at: camera)
            return try Response(json: ["camera": camera], status: .accepted)
        }
        router.post("/v1/sensors/{sensor}/pictures") { request, context in
            try await teach(request, context)
        }
    }

    private func teach(
        _ request: Request, _ context: ServiceRequestContext
    ) async throws -> Response {
        let name = context.parameters.get("sensor") ?? ""
        guard let sensor = await monitor.sensors().first(where: { $0.name == name }) else {
            throw ServiceError(
                .notFound, "no_sensor", "No sensor is called \(name.prefix(80)); see /v1/cameras")
        }
        let fields = FormFields(request.uri.query)
        guard let states = sensor.states, let state = fields.first("state"), states.contains(state)
        else {
            throw ServiceError.invalid(
                sensor.states.map { "state must be one of \($0.joined(separator: ", "))" }
                    ?? "The sensor \(name) has no states that can be taught")
        }
        guard request.mediaType.hasPrefix("image/") else {
            throw ServiceError(
                .unsupportedMediaType, "no_picture",
                "A picture is sent with its own Content-Type, such as image/jpeg")
        }
        let picture = fields.first("name") ?? ""
        guard picture.wholeMatch(of: /[A-Za-z0-9_\-]{1,100}/) != nil else {
            throw ServiceError.invalid(
                "name must be the picture's own, of letters, digits, _ and -; send one")
        }
        let reader = try admission.reader()
        let bytes = try await reader.bytes(of: request)
        let permit = try admission.acquire(reader.memory)
        defer { permit.release() }
        var options = PictureOptions()
        options.maximumPixels = Limits.pixels
        options.shrinksOversizedJPEGs = false
        let decoded = try Picture(
            bytes: bytes, name: "The picture", options: options)
        do {
            return try Response(
                json: await monitor.teach(decoded, name: picture, sensor: name, state: state))
        } catch let error as CameraRefusal {
            throw ServiceError(.unprocessableContent, "not_taught", error.message)
        }
    }

    private func camera(_ context: ServiceRequestContext) async throws -> String {
        let name = context.parameters.get("camera") ?? ""
        guard await monitor.cameras().contains(where: { $0.name == name }) else {
            throw ServiceError(
                .notFound, "no_camera", "No camera is called \(name.prefix(80)); see /v1/cameras")
        }
        return name
    }

    private func json<Value: Decodable & Sendable>(_ type: Value.Type, of request: Request)
        async throws
        -> Value
    {
        guard request.mediaType == "application/json" else {
            throw ServiceError(
                .unsupportedMediaType, "no_json",
                "The body is JSON, and wants Content-Type: application/json")
        }
        return try await admission.reader().json(type, of: request) { value, _ in value }
    }
}

private struct OverviewRecord: Encodable {
    let cameras: [CameraRecord]
    let sensors: [SensorRecord]
    let events: [CameraEventRecord]
}

private struct PauseRequest: Codable {
    let paused: Bool
}
