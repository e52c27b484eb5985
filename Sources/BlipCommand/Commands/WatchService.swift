import BlipCameras
import BlipCommandSupport
import ServiceLifecycle

/// Watches until it is told to end.
struct WatchService: Service {
    let watch: CameraWatch
    let output: StandardOutputSink

    func run() async throws {
        ServiceNotice.ready()
        await withTaskGroup { group in
            group.addTask { await cancelWhenGracefulShutdown { await watch.run() } }
            group.addTask {
                await output.waitForFailure()
            }
            group.addTask {
                guard let interval = ServiceNotice.interval else {
                    try? await Task.sleep(for: .seconds(86_400 * 365))
                    return
                }
                while !Task.isCancelled {
                    // Waits for its turn: a watch that hangs is not alive.
                    _ = await watch.cameras()
                    ServiceNotice.alive()
                    try? await Task.sleep(for: interval)
                }
            }
            await group.next()
            group.cancelAll()
        }
        ServiceNotice.stopping()
    }
}
