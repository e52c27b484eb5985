import BLIP
import Hummingbird

/// What this server runs, for clients and its page.
struct InfoRoute: Sendable {
    let inference: Inference
    let version: String

    func add(to router: Router<BasicRequestContext>) {
        router.get("/v1/info") { _, _ in
            let parts = await inference.model.compilations()
            return try jsonResponse(
                InfoRecord(
                    model: inference.name, version: version,
                    tasks: BlipTask.allCases.filter(inference.model.tasks.contains),
                    devices: Set(parts.flatMap(\.devices)).sorted(),
                    precision: parts.first { $0.part == .vision }?.precision,
                    limits: .init()))
        }
    }
}

private struct InfoRecord: Encodable {
    struct Maxima: Encodable {
        var bytes = Limits.bytes
        var pixels = Limits.pixels
        var pictures = Limits.pictures
        var texts = Limits.texts
    }

    let model: String
    let version: String
    let tasks: [BlipTask]
    let devices: [String]
    let precision: String?
    let limits: Maxima
}
