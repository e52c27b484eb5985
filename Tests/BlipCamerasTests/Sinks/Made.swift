import BlipPictures
import Foundation
import Logging
import Synchronization

@testable import BlipCameras

/// Events and pictures for sinks.
enum Made {
    static let start = Date(timeIntervalSince1970: 1_795_811_460.25)

    static func event(_ state: String, second: Double = 0, sensor: String = "door") -> CameraEvent {
        CameraEvent(
            time: start + second, camera: "yard", sensor: sensor, state: state, previous: "no",
            probability: 0.94, question: "is the door open?", ranking: nil,
            timing: EventTiming(.init(), latency: .milliseconds(140)))
    }

    static func picture() throws -> EventPicture {
        EventPicture(
            frame: try Picture(
                width: 64, height: 32, rgb: [UInt8](repeating: 90, count: 64 * 32 * 3)),
            region: nil)
    }

    static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sinks-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}

/// What was logged.
final class LoggedLines: LogHandler, Sendable {
    private let state = Mutex<[String]>([])

    var lines: [String] { state.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { _ in self } }

    func log(event: LogEvent) { state.withLock { $0.append("\(event.message)") } }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
}
