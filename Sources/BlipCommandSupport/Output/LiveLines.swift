import Foundation

/// Lines on a terminal's standard error that are drawn anew as they change; a progress bar may follow them.
package struct LiveLines {
    private let isShown: Bool
    private var drawn = 0

    /// - Parameter isWanted: whether they are shown, where there is a terminal.
    package init(if isWanted: Bool) {
        isShown = isWanted && isatty(STDOUT_FILENO) == 1 && isatty(STDERR_FILENO) == 1
    }

    /// Shows as many as there is room for, in place of those before.
    package mutating func show(_ lines: [String]) {
        guard isShown else { return }
        let lines = lines.prefix(Self.room)
        Terminal.overwriteLines(lines.map { $0.filter { !$0.isNewline } }, above: drawn)
        drawn = lines.count
    }

    /// Makes room for what follows.
    package mutating func clear() { show([]) }

    /// Without the line of the bar, and one that the terminal may want.
    private static var room: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 2 else { return 10 }
        return Int(size.ws_row) - 2
    }
}
