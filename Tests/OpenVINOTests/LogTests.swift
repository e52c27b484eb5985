import OpenVINO
import Synchronization
import Testing

@Suite struct LogTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        var count: Int { lines.withLock { $0.count } }
        func append(_ line: String) { lines.withLock { $0.append(line) } }
    }

    @Test func messagesGoWhereTheyAreSent() throws {
        let lines = Lines()
        Log.redirect { lines.append($0) }
        defer { Log.reset() }
        let model = try Core.shared.readModel(
            xml: SmallModels.add, weights: weights([10, 20, 30, 40] as [Float]))
        // The AUTO device tells how it chose.
        _ = try Core.shared.compile(
            model, for: "AUTO", properties: [Property("LOG_LEVEL", "LOG_DEBUG")])
        #expect(lines.count > 0)
    }
}
