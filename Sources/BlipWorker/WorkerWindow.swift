/// Bounds what a worker has taken and not yet answered, so that its memory does not grow with its input.
///
/// One task enters; any number leave.
actor WorkerWindow {
    private let places: Int
    private let budget: Int
    private var taken = 0
    private var bytes = 0
    private var isClosed = false
    private var waiting: (bytes: Int, continuation: CheckedContinuation<Void, Never>)?

    /// - Parameters:
    ///   - places: the most requests.
    ///   - budget: the most bytes of pictures that wait to be decoded; one that is larger comes in alone.
    init(places: Int, budget: Int) {
        self.places = places
        self.budget = budget
    }

    /// Takes a place, as soon as there is one.
    func enter(bytes: Int) async {
        if !hasRoom(for: bytes) {
            await withCheckedContinuation { waiting = (bytes, $0) }
        }
        taken += 1
        self.bytes += bytes
    }

    /// A picture was decoded.
    func release(bytes: Int) {
        self.bytes -= bytes
        admit()
    }

    /// A request was answered.
    func leave() {
        taken -= 1
        admit()
    }

    /// Nothing leaves any more, since results can no longer be written: nobody waits for a place.
    func close() {
        isClosed = true
        admit()
    }

    private func hasRoom(for bytes: Int) -> Bool {
        isClosed || taken < places && (self.bytes == 0 || self.bytes + bytes <= budget)
    }

    private func admit() {
        guard let (bytes, continuation) = waiting, hasRoom(for: bytes) else { return }
        waiting = nil
        continuation.resume()
    }
}
