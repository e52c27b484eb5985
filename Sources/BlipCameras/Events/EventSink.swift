package import BlipPictures

/// Where events go: standard output, a webhook, a broker, a folder of pictures.
///
/// Cameras do not wait for one another, but each waits for its sinks: one that may take long keeps a queue.
package protocol EventSink: Sendable {
    /// Works as long as the watch does, for sinks with a connection or a queue; ends when its task is
    /// cancelled.
    func run() async

    func send(_ event: CameraEvent, picture: EventPicture) async
    func send(_ availability: CameraAvailability) async
    /// A camera is asked about, or no more, by whoever said so.
    func send(isPaused: Bool, camera: String) async

    /// The configuration was read again; entities may have come or gone.
    func reload(_ configuration: WatchConfiguration) async

    /// Sends what is left, for a few seconds at most.
    func finish() async
}

extension EventSink {
    package func run() async {}
    package func send(_ availability: CameraAvailability) async {}
    package func send(isPaused: Bool, camera: String) async {}
    package func reload(_ configuration: WatchConfiguration) async {}
    package func finish() async {}
}

/// The frame that an event was seen in.
package struct EventPicture: Sendable {
    /// The whole frame.
    package let frame: Picture
    /// What the sensor looked at of it; `nil` for all.
    package let region: Region?

    package init(frame: Picture, region: Region?) {
        self.frame = frame
        self.region = region
    }
}
