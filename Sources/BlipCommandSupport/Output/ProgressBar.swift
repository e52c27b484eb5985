/// Progress of a long run, on a terminal's standard error; silent elsewhere.
package struct ProgressBar {
    private let total: Int
    private let isShown: Bool
    private let start = ContinuousClock.now
    private var done = 0

    /// - Parameter total: how many steps there are; a bar for one or two is not worth showing.
    package init(total: Int) {
        self.total = total
        isShown = total > 2 && Terminal.showsProgress
        draw()
    }

    package mutating func advance() {
        done += 1
        draw()
    }

    /// Makes room for a line of output.
    package func clear() {
        if isShown { Terminal.overwriteLine("") }
    }

    private func draw() {
        guard isShown, total > 0 else { return }
        if done == total { return clear() }
        let width = 24
        let filled = done * width / total
        let bar =
            String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        var text = "\(bar) \(done)/\(total)"
        if done > 0 {
            let left = (ContinuousClock.now - start) / done * (total - done)
            text += "  \(left.components.seconds) s left"
        }
        Terminal.overwriteLine(text)
    }
}
