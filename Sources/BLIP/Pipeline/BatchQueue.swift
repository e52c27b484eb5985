/// Single calls of one kind that wait for the model. Those that wait together, and ask for the same, run as one
/// batch.
///
/// Not `Sendable`: the model owns it.
final class BatchQueue<Key: Hashable & Sendable, Input: Sendable, Output: Sendable> {
    typealias Entry = BatchEntry<Input, Output>
    /// Runs a batch; gives one output an input, in their order.
    typealias Work = (
        isolated BlipModel, Key, [Input], (@Sendable (PartialText) -> Void)?,
        @escaping @Sendable (Int) -> Bool
    ) throws -> [Output]

    private var waiting: [(key: Key, entry: Entry)] = []
    private let limit: (Key) -> Int
    private let startsSmall: Bool
    private let work: Work

    /// - Parameters:
    ///   - limit: the most inputs of one batch.
    ///   - startsSmall: whether a batch before which nothing was under way has a quarter of that.
    ///   - work: runs a batch.
    init(limit: @escaping (Key) -> Int, startsSmall: Bool = false, work: @escaping Work) {
        self.limit = limit
        self.startsSmall = startsSmall
        self.work = work
    }

    func append(_ entry: Entry, _ key: Key) { waiting.append((key, entry)) }

    private func run(_ batch: [Entry], _ key: Key, on model: isolated BlipModel) {
        BlipLog.debug("A batch of \(batch.count) runs")
        do {
            let outputs = try work(
                model, key, batch.map(\.input), Entry.progress(of: batch)
            ) { batch[$0].isWanted }
            for (entry, output) in zip(batch, outputs) { entry.end(.success(output)) }
        } catch {
            guard batch.count > 1 else {
                batch.first?.end(.failure(error))
                return
            }
            // One of them may be at fault; the others shall not pay for it.
            for entry in batch where entry.isWanted { run([entry], key, on: model) }
        }
    }
}

/// A queue of any kind of calls.
protocol RunnableQueue: AnyObject {
    /// Runs the next batch.
    ///
    /// - Parameter isFirst: whether nothing was under way before it.
    /// - Returns: whether there was one.
    func runNext(on model: isolated BlipModel, isFirst: Bool) -> Bool
}

extension BatchQueue: RunnableQueue {
    func runNext(on model: isolated BlipModel, isFirst: Bool) -> Bool {
        waiting.removeAll { !$0.entry.isWanted }
        guard let key = waiting.first?.key else { return false }
        let limit = isFirst && startsSmall ? limit(key) / 4 : limit(key)
        let places = waiting.indices.filter { waiting[$0].key == key }.prefix(max(1, limit))
        let batch = places.map { waiting[$0].entry }
        for place in places.reversed() { waiting.remove(at: place) }
        run(batch, key, on: model)
        return true
    }
}
