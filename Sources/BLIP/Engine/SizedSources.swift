import Synchronization

/// The vision models for pictures of other sizes, each made once: interpolated position embeddings stay in the
/// checkpoint's memory, and would be there again for each time that a model is unloaded and compiled anew.
final class SizedSources: Sendable {
    private let make: @Sendable (_ imageSize: Int) throws -> ModelSource
    private let made = Mutex<[Int: ModelSource]>([:])

    /// - Parameter make: makes the one for a size.
    init(_ make: @escaping @Sendable (_ imageSize: Int) throws -> ModelSource) { self.make = make }

    /// - Throws: what making it throws; the next call tries again.
    func source(for imageSize: Int) throws -> ModelSource {
        try made.withLock { made in
            if let source = made[imageSize] { return source }
            let source = try make(imageSize)
            made[imageSize] = source
            return source
        }
    }
}
