/// A camera as it is now. Times are ISO 8601.
package struct CameraRecord: Encodable, Sendable {
    let name: String
    let title: String
    let available: Bool
    let paused: Bool
    /// Why it is not available.
    let reason: String?
    let lastFrame: String?
    let frames: Int
    let restarts: Int

    private enum CodingKeys: String, CodingKey {
        case name, title, available, paused, reason, frames, restarts
        case lastFrame = "last_frame"
    }

    package init(
        name: String, title: String, available: Bool, paused: Bool, reason: String?,
        lastFrame: String?, frames: Int, restarts: Int
    ) {
        self.name = name
        self.title = title
        self.available = available
        self.paused = paused
        self.reason = reason
        self.lastFrame = lastFrame
        self.frames = frames
        self.restarts = restarts
    }
}

/// A sensor as it is now.
package struct SensorRecord: Encodable, Sendable {
    let name: String
    let title: String
    let camera: String
    let question: String?
    /// Corners of what it looks at, as shares of the frame's width and height; `nil` for all of it.
    let region: [[Double]]?
    let state: String?
    let probability: Double?
    let since: String?
    /// The states that may be taught.
    let states: [String]?

    package init(
        name: String, title: String, camera: String, question: String?, region: [[Double]]?,
        state: String?, probability: Double?, since: String?, states: [String]?
    ) {
        self.name = name
        self.title = title
        self.camera = camera
        self.question = question
        self.region = region
        self.state = state
        self.probability = probability
        self.since = since
        self.states = states
    }
}

/// A sensor's state that changed.
package struct CameraEventRecord: Encodable, Sendable {
    let time: String
    let camera: String
    let sensor: String
    let state: String
    let previous: String?
    let probability: Double?

    package init(
        time: String, camera: String, sensor: String, state: String, previous: String?,
        probability: Double?
    ) {
        self.time = time
        self.camera = camera
        self.sensor = sensor
        self.state = state
        self.previous = previous
        self.probability = probability
    }
}

/// What a sensor has learned.
package struct TeachingRecord: Encodable, Sendable {
    /// Pictures of each state.
    let pictures: [String: Int]
    /// Cross-validated, 0 to 1; `nil` where there are too few pictures to tell.
    let accuracy: Double?
    /// What is poor, in a sentence.
    let warning: String?

    package init(pictures: [String: Int], accuracy: Double?, warning: String?) {
        self.pictures = pictures
        self.accuracy = accuracy
        self.warning = warning
    }
}

/// Why a watch does not do what it is asked, in one sentence.
package struct CameraRefusal: Error {
    let message: String

    package init(_ message: String) { self.message = message }
}
