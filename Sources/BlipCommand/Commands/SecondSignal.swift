import Dispatch
import Foundation
import Synchronization

/// The first SIGTERM or SIGINT lets running requests finish; a second one ends the program at once.
///
/// Holds as long as it is kept.
struct SecondSignal: ~Copyable {
    private let sources: [any DispatchSourceSignal]

    init() {
        let signals = Count()
        sources = [SIGTERM, SIGINT].map { number in
            // Else the signal would end the program before it is handled.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if signals.increment() > 1 { _exit(128 + number) }
            }
            source.resume()
            return source
        }
    }

    deinit { for source in sources { source.cancel() } }

    private final class Count: Sendable {
        private let count = Mutex(0)

        func increment() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }
}
