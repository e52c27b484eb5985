import BLIP
import BlipPictures
import Foundation

/// What is measured: a model on a device, with pictures, by a plan.
struct BenchSubject: Sendable {
    let folder: URL
    let options: RuntimeOptions
    let model: BlipModel
    let pictures: BenchPictures
    let plan: BenchPlan

    /// A model that was loaded, and how long that took.
    struct Loaded: Sendable {
        let model: BlipModel
        /// Opening the checkpoint: its configuration, tokenizer and tensors' places.
        let read: Duration
        /// Building and compiling the graphs, or reading them from the cache.
        let compile: Duration
        /// Whether all parts were in the cache; `nil` where the device does not tell.
        let fromCache: Bool?
    }

    static func load(_ folder: URL, _ options: RuntimeOptions) async throws -> Loaded {
        let clock = ContinuousClock()
        let start = clock.now
        let model = try BlipModel(folder: folder, options: options)
        let opened = clock.now
        try await model.prepare(for: model.tasks)
        let compiled = clock.now
        let cached = await model.compilations().map(\.isFromCache)
        return Loaded(
            model: model, read: opened - start, compile: compiled - opened,
            fromCache: cached.contains(nil) ? nil : cached.allSatisfy { $0 == true })
    }

    /// What an inference took: its stages, a batch's summed, and the time on the clock.
    struct Timed: Sendable {
        let stages: StageTimings
        let total: Duration
    }

    /// What a model is for: a caption, or a match where it cannot write one.
    func infer(with model: BlipModel, from start: Int = 0) async throws -> Timed {
        let pictures = pictures.some(1, from: start)
        if model.canWrite {
            return try await Self.caption(
                pictures, with: model, BenchPlan.options(tokens: plan.tokens))
        }
        let start = ContinuousClock.now
        let image = try await model.encode(pictures[0])
        let match = try await model.match(BenchPlan.questions[0], with: image)
        return Timed(
            stages: image.timings + match.timings, total: ContinuousClock.now - start)
    }

    static func caption(
        _ pictures: [Picture], with model: BlipModel, _ options: GenerationOptions
    ) async throws -> Timed {
        let start = ContinuousClock.now
        let images = try await model.encode(pictures)
        let texts = try await model.captions(of: images, options: options)
        let total = ContinuousClock.now - start
        let stages = zip(images, texts).map { image, texts in
            image.timings + (texts.first?.timings ?? StageTimings())
        }
        return Timed(stages: stages.reduce(StageTimings(), +), total: total)
    }

    /// Runs `body` as often as the plan says, after one time that does not count: what a new shape
    /// makes the device prepare belongs to no later run.
    func repeated<Result>(_ body: (Int) async throws -> Result) async throws -> [Result] {
        _ = try await body(0)
        var results: [Result] = []
        for run in 0..<plan.runs { results.append(try await body(run)) }
        return results
    }
}

extension BlipModel {
    /// Whether it has a text decoder.
    nonisolated var canWrite: Bool { tasks.contains(.caption) }
}
