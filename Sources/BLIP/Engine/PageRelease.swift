import Dispatch

/// Lets go of pages of weights again and again while something reads each of them once: compiling a
/// model, or its first inference, which copies weights into the layout that its kernels read. So they
/// are not in memory twice.
package func releasingPages<Result>(
    by release: @escaping @Sendable () -> Void, during body: () throws -> Result
) rethrows -> Result {
    let timer = DispatchSource.makeTimerSource()
    timer.schedule(deadline: .now(), repeating: .milliseconds(2))
    timer.setEventHandler(handler: release)
    timer.activate()
    defer {
        timer.cancel()
        release()
        ProcessMemory.releaseFreed()
    }
    return try body()
}
