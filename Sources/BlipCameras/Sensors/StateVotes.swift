/// The last answers of a sensor, and the state that they add up to.
struct StateVotes: Sendable {
    private(set) var state: String?
    private var last: [String] = []
    private let agreeing: Int
    private let frames: Int

    /// - Parameters:
    ///   - agreeing: so many of the last answers change the state; more than half of them.
    ///   - frames: how many are the last.
    init(agreeing: Int, of frames: Int) {
        self.agreeing = agreeing
        self.frames = frames
    }

    /// Counts an answer.
    ///
    /// - Returns: whether the state changed.
    mutating func add(_ vote: String) -> Bool {
        last = last.suffix(frames - 1) + [vote]
        guard vote != state, last.count(where: { $0 == vote }) >= agreeing else { return false }
        state = vote
        return true
    }

    /// Whether the last answer was another one than the state: the next tells more.
    var isDoubtful: Bool { last.last != state }
}
