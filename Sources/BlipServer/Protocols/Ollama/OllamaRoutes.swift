import BLIP
import Crypto
import Foundation
import Hummingbird

/// Ollama's generate and chat, which photo managers and home servers speak.
struct OllamaRoutes: Sendable {
    let inference: Inference
    let admission: Admission
    let version: String

    func add(to router: Router<BasicRequestContext>) {
        router.post("/api/generate") { request, _ in try await reply(request, isChat: false) }
        router.post("/api/chat") { request, _ in try await reply(request, isChat: true) }
        router.get("/api/version") { _, _ in try jsonResponse(["version": version]) }
        let model = OllamaModel(inference.model, name: inference.name)
        router.get("/api/tags") { _, _ in try jsonResponse(OllamaModels(models: [model])) }
        router.post("/api/show") { _, _ in
            try jsonResponse(OllamaShow(modifiedAt: model.modifiedAt))
        }
    }

    private func reply(_ request: Request, isChat: Bool) async throws -> Response {
        let reader = try admission.reader()
        let body = try await reader.json(OllamaRequest.self, of: request)
        if body.onlyLoads {
            var reply = OllamaReply(model: inference.name, "", isChat: isChat)
            reply.done = true
            reply.doneReason = "load"
            return try jsonResponse(reply)
        }
        let task = try body.task(
            positions: inference.model.configuration.text.maximumPositions)
        try inference.validate(task)
        let place = try admission.takePlace(reader.memory)
        // Before a stream begins, so that a picture that cannot be read has its status.
        let image = try await inference.image(of: task, place)
        // Ollama streams unless told not to.
        if body.stream ?? true {
            return ResponseStream.response(
                .lines, failure: { WireProtocol.ollama.body(of: $0) }
            ) { send in
                defer { place.leave() }
                try await stream(task, image, isChat: isChat, send)
            }
        }
        defer { place.leave() }
        let start = ContinuousClock.now
        let text = try await text(of: task, image)
        var reply = OllamaReply(model: inference.name, text.text, isChat: isChat)
        finish(&reply, task, text, ContinuousClock.now - start)
        return try jsonResponse(reply)
    }

    private func stream(
        _ task: ChatTask, _ image: EncodedImage, isChat: Bool,
        _ send: @escaping ResponseStream.Send
    ) async throws {
        let start = ContinuousClock.now
        let deltas = TextDeltas(count: 1)
        let text = try await text(of: task, image) { partial in
            let delta = deltas.grow(partial.index, to: partial.text)
            if !delta.isEmpty { send(OllamaReply(model: inference.name, delta, isChat: isChat)) }
        }
        let rest = deltas.finish(0, with: text.text)
        if !rest.isEmpty { send(OllamaReply(model: inference.name, rest, isChat: isChat)) }
        var last = OllamaReply(model: inference.name, "", isChat: isChat)
        finish(&last, task, text, ContinuousClock.now - start)
        send(last)
    }

    private func text(
        of task: ChatTask, _ image: EncodedImage,
        progress: (@Sendable (PartialText) -> Void)? = nil
    ) async throws -> GeneratedText {
        guard let text = try await inference.run(task, on: image, progress: progress).first else {
            throw BatchError()
        }
        return text
    }

    private func finish(
        _ reply: inout OllamaReply, _ task: ChatTask, _ text: GeneratedText, _ time: Duration
    ) {
        reply.finish(
            text, isCut: task.isCut(text), promptTokens: inference.promptTokens(of: task),
            time: time)
    }
}

extension OllamaModel {
    fileprivate init(_ model: BlipModel, name: String) {
        let keys: Set<URLResourceKey> = [.fileSizeKey, .contentModificationDateKey]
        let files =
            (try? FileManager.default.contentsOfDirectory(
                at: model.folder, includingPropertiesForKeys: Array(keys))) ?? []
        let values = files.compactMap { try? $0.resourceValues(forKeys: keys) }
        let configuration = try? Data(
            contentsOf: model.folder.appending(path: "config.json"))
        self.init(
            name: name, model: name,
            modifiedAt: (values.compactMap(\.contentModificationDate).max() ?? .distantPast)
                .formatted(.iso8601WithFraction),
            size: values.reduce(0) { $0 + ($1.fileSize ?? 0) },
            // Of the configuration alone: hashing all weights would take long.
            digest: SHA256.hash(data: configuration ?? Data(name.utf8)).hex)
    }
}

extension SHA256.Digest {
    fileprivate var hex: String {
        map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
