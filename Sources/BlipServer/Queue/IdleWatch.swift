/// Tells when no request has come for a while.
struct IdleWatch: Sendable {
    let admission: Admission
    /// Without a request that runs or waits.
    let time: Duration

    /// Runs until its task is cancelled.
    ///
    /// - Parameter act: called each time, and not again before another request has come.
    func run(_ act: () async -> Void) async {
        let clock = ContinuousClock()
        // A model that nobody has asked yet takes memory too.
        var (seen, acted, last) = (0, -1, clock.now)
        while (try? await Task.sleep(for: min(time / 4, .seconds(1)))) != nil {
            let total = admission.total
            if total != seen || admission.count > 0 { (seen, last) = (total, clock.now) }
            guard total != acted, clock.now - last >= time else { continue }
            acted = total
            await act()
        }
    }
}
