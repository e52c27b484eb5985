import Foundation
import Synchronization

/// What `infer` was asked, as the statistics extension tells it.
final class InferenceStatistics: Sendable {
    private struct State {
        var success = OpenInferenceStatistics.Durations()
        var failure = OpenInferenceStatistics.Durations()
        var pictures = 0
        var lastInference: Date?
    }

    private let state = Mutex(State())

    func countSuccess(of pictures: Int, _ time: Duration) {
        state.withLock { state in
            state.success.add(time)
            state.pictures += pictures
            state.lastInference = .now
        }
    }

    func countFailure(_ time: Duration) { state.withLock { $0.failure.add(time) } }

    func record(name: String, version: String) -> OpenInferenceStatistics.Model {
        let state = state.withLock { $0 }
        return .init(
            name: name, version: version,
            lastInference: Int((state.lastInference?.timeIntervalSince1970 ?? 0) * 1000),
            inferenceCount: state.pictures, executionCount: state.success.count,
            inferenceStats: ["success": state.success, "fail": state.failure])
    }
}

/// The answer of `stats`.
struct OpenInferenceStatistics: Encodable {
    let modelStats: [Model]

    enum CodingKeys: String, CodingKey { case modelStats = "model_stats" }

    struct Model: Encodable {
        let name: String
        let version: String
        /// In milliseconds since 1970.
        let lastInference: Int
        /// Pictures.
        let inferenceCount: Int
        /// Requests: their batches are formed with those of other protocols.
        let executionCount: Int
        let inferenceStats: [String: Durations]

        enum CodingKeys: String, CodingKey {
            case name, version
            case lastInference = "last_inference"
            case inferenceCount = "inference_count"
            case executionCount = "execution_count"
            case inferenceStats = "inference_stats"
        }
    }

    struct Durations: Encodable {
        private(set) var count = 0
        private var nanoseconds: Int64 = 0

        enum CodingKeys: String, CodingKey {
            case count
            case nanoseconds = "ns"
        }

        mutating func add(_ time: Duration) {
            count += 1
            nanoseconds += time.nanoseconds
        }
    }
}
