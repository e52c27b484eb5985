import Dispatch
import Foundation

/// Runs an action at each SIGHUP, which else would end the program: daemons are sent it to have files read
/// again, and closed terminals send it too.
///
/// Holds as long as it is kept.
struct HangupSignal: ~Copyable {
    private let source: any DispatchSourceSignal

    init(_ action: @escaping @Sendable () -> Void) {
        signal(SIGHUP, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
        source.setEventHandler(handler: action)
        source.resume()
    }

    deinit { source.cancel() }
}
