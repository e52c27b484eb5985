package import Foundation

/// A camera that began or ceased to give frames.
package struct CameraAvailability: Codable, Sendable, Hashable {
    package let time: Date
    package let camera: String
    package let state: State
    /// Why it is not available, in a sentence without credentials; `nil` where it is.
    package let reason: String?

    package enum State: String, Codable, Sendable {
        case available, unavailable
        /// A file or folder that came to its end.
        case ended
    }

    package init(time: Date, camera: String, state: State, reason: String?) {
        self.time = time
        self.camera = camera
        self.state = state
        self.reason = reason
    }
}
