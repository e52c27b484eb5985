package import BlipPictures
package import Foundation

/// What may be asked of a running watch, and done to it: for the page, and for the broker's buttons.
package protocol WatchControl: Sendable {
    var configuration: WatchConfiguration { get async }

    /// Each camera as it is now, in the file's order.
    func cameras() async -> [CameraStatus]
    /// Each sensor as it is now, in the file's order.
    func sensors() async -> [SensorStatus]
    /// The last events, the newest last; a few hundred at most.
    func events() async -> [CameraEvent]
    /// A camera's last frame; `nil` where there is none yet.
    func frame(of camera: String) async -> Picture?

    /// Cameras that are paused go on to give frames, and nothing is asked.
    func setPaused(_ isPaused: Bool, camera: String) async
    /// Looks at once, past all gates.
    func askNow(camera: String) async
    /// Answers a question about a camera's last frame.
    func answer(_ question: String, camera: String) async throws -> String
    /// Teaches a sensor with a frame, kept as `name`; the same name again corrects it.
    func teach(_ frame: Picture, name: String, sensor: String, state: String) async throws
        -> TeachingResult
}

/// How a camera does.
package struct CameraStatus: Codable, Sendable {
    package let name: String
    package let title: String
    package let isAvailable: Bool
    package let isPaused: Bool
    /// Why it is not available.
    package let reason: String?
    package let lastFrame: Date?
    package let frames: Int
    package let restarts: Int
}

/// How a sensor does.
package struct SensorStatus: Codable, Sendable {
    package let name: String
    package let title: String
    package let camera: String
    package let question: String?
    package let region: Region?
    /// `nil` before the first.
    package let state: String?
    package let probability: Double?
    package let since: Date?
    /// The states that may be taught; `nil` where any words may come.
    package let states: [String]?
    /// How often it was looked at, and what the gates held back.
    package let asked: Int
    package let gatedByChange: Int
    package let gatedByEmbedding: Int
}

/// What a sensor has learned.
package struct TeachingResult: Codable, Sendable {
    /// Pictures of each state.
    package let pictures: [String: Int]
    /// Cross-validated, 0 to 1; `nil` where there are too few pictures to tell.
    package let accuracy: Double?
    /// What is poor, in a sentence.
    package let warning: String?
}
