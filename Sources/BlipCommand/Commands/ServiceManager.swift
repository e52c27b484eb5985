import BlipCommandSupport
import Foundation
import ServiceLifecycle

/// Tells systemd that the server lives, until it ends; see ``ServiceNotice``.
struct ServiceManager: Service {
    var environment = ProcessInfo.processInfo.environment

    func run() async throws {
        let interval = ServiceNotice.interval(in: environment)
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: interval ?? .seconds(3600))) != nil {
                if interval != nil { ServiceNotice.send("WATCHDOG=1", environment: environment) }
            }
        }
        ServiceNotice.send("STOPPING=1", environment: environment)
    }
}
