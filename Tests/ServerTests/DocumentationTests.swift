import BLIP
import BlipServer
import BlipDemoModel
import Logging
import ServiceLifecycle
import Testing

@Suite("The documentation's example")
struct DocumentationTests {
    @Test func serving() async throws {
        let model = try BlipModel(folder: DemoModel.folder)
        try await model.prepare(for: model.tasks)
        let (ready, source) = AsyncStream<Int>.makeStream()
        let service = BlipService(model: model, name: "demo", configuration: .init(port: 0)) {
            source.yield($0)
        }
        let group = ServiceGroup(
            services: [service], gracefulShutdownSignals: [.sigterm], logger: Logger(label: "blip"))
        let run = Task { try await group.run() }
        for await _ in ready { break }
        await group.triggerGracefulShutdown()
        try await run.value
    }
}
