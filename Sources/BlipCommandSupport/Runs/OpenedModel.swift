package import BLIP
package import Foundation

/// A model, and what has been waited for until it could be used.
package struct OpenedModel {
    package let model: BlipModel
    package private(set) var load: Duration
    /// What it was started for, where one run of pictures is all that it is for; `nil` for a model that was
    /// loaded whole.
    private(set) var started: Set<BlipTask>?

    /// A model that is loaded by now, which took that long.
    package init(_ model: BlipModel, load: Duration) {
        self.model = model
        self.load = load
    }

    package init(_ folder: URL, options: RuntimeOptions) throws {
        let start = ContinuousClock.now
        model = try BlipModel(folder: folder, options: options)
        load = ContinuousClock.now - start
    }

    package mutating func prepare(for tasks: Set<BlipTask>) async throws {
        let start = ContinuousClock.now
        try await model.prepare(for: tasks)
        load += ContinuousClock.now - start
    }

    package mutating func start(for tasks: Set<BlipTask>) async throws {
        let start = ContinuousClock.now
        try await model.startPreparing(for: tasks)
        load += ContinuousClock.now - start
        started = tasks
    }
}
