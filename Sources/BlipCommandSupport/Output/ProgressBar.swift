import Foundation

/// Progress of a long run, on a terminal's standard error; silent elsewhere.
package struct ProgressBar {
    private let total: Int
    private let unit: String?
    private let isShown: Bool
    private let start = ContinuousClock.now
    private var done = 0

    /// - Parameters:
    ///   - total: how many steps there are; a bar for one or two is not worth showing.
    ///   - unit: what a step is, where the rate is to be told.
    package init(total: Int, unit: String? = nil) {
        self.total = total
        self.unit = unit
        isShown = total > 2 && Terminal.showsProgress
        draw()
    }

    package mutating func advance(by steps: Int = 1) {
        done += steps
        draw()
    }

    package mutating func advance(to step: Int) { advance(by: step - done) }

    /// Makes room for a line of output.
    package func clear() {
        if isShown { Terminal.overwriteLine("") }
    }

    private func draw() {
        guard isShown, total > 0 else { return }
        if done >= total { return clear() }
        let width = 24
        let filled = done * width / total
        let bar =
            String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        var text = "\(bar) \(done)/\(total)"
        if done > 0 {
            let elapsed = ContinuousClock.now - start
            let left = elapsed / done * (total - done)
            if let unit {
                let rate = Double(done) / max(elapsed / .seconds(1), 0.001)
                text += "  \(rate.rounded(to: rate < 10 ? 1 : 0)) \(unit)/s"
            }
            text += "  \(left.inWords) left"
        }
        Terminal.overwriteLine(text)
    }
}

extension Double {
    fileprivate func rounded(to digits: Int) -> String { String(format: "%.\(digits)f", self) }
}

extension Duration {
    /// `50 s`, `12 min` or `3 h 20 min`.
    fileprivate var inWords: String {
        let seconds = components.seconds
        if seconds < 120 { return "\(seconds) s" }
        let minutes = (seconds + 30) / 60
        return minutes < 120 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
    }
}
