import Foundation

/// Pipes to programs that we start, and to whoever reads what we print.
package enum BrokenPipes {
    /// A reader that is gone is an error of writing from here on, and ends no process. Children that are fed
    /// may end at any moment.
    package static func areErrors() { _ = ignored }

    private static let ignored: Void = { signal(SIGPIPE, SIG_IGN) }()
}
