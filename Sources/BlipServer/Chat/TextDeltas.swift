import Synchronization

/// The growing texts of one request, which the model's thread tells of.
final class TextDeltas: Sendable {
    private let deltas: Mutex<[TextDelta]>

    init(count: Int) { deltas = Mutex([TextDelta](repeating: TextDelta(), count: max(0, count))) }

    /// What is new of a text; see ``TextDelta``.
    func grow(_ index: Int, to text: String) -> String {
        deltas.withLock { $0.indices.contains(index) ? $0[index].grow(to: text) : "" }
    }

    func finish(_ index: Int, with text: String) -> String {
        deltas.withLock { $0.indices.contains(index) ? $0[index].finish(with: text) : "" }
    }
}
