import Foundation
import Hummingbird

/// OpenAI's protocols, as far as they make sense for a model that looks at pictures.
struct OpenAIRoutes: Sendable {
    let inference: Inference
    let admission: Admission
    private let start = Int(Date().timeIntervalSince1970)

    init(inference: Inference, admission: Admission) {
        self.inference = inference
        self.admission = admission
    }

    func add(to router: Router<ServiceRequestContext>) {
        ChatCompletionsRoutes(inference: inference, admission: admission).add(to: router)
        ResponsesRoutes(inference: inference, admission: admission).add(to: router)
        EmbeddingsRoutes(inference: inference, admission: admission).add(to: router)
        router.get("/v1/models") { _, _ in try Response(json: ModelList(data: [model])) }
        // Names may have slashes.
        router.get("/v1/models/**") { request, _ in
            let name = request.uri.path.dropFirst("/v1/models/".count)
            guard name.removingPercentEncoding == inference.name else {
                throw ServiceError(
                    .notFound, "model_not_found", "This server only has \(inference.name)")
            }
            return try Response(json: model)
        }
    }

    private var model: ModelRecord { ModelRecord(id: inference.name, created: start) }
}
