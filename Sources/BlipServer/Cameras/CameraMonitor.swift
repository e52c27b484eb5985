package import BLIP
package import BlipPictures

/// A running watch of cameras, as the server's page sees it.
package protocol CameraMonitor: Sendable {
    /// In the configuration's order.
    func cameras() async -> [CameraRecord]
    /// In the configuration's order.
    func sensors() async -> [SensorRecord]
    /// The last changes, the newest last.
    func events() async -> [CameraEventRecord]
    /// A camera's last frame; `nil` where there is none yet.
    func frame(of camera: String) async -> Picture?
    /// Cameras that are paused go on to give frames, and nothing is asked.
    func setPaused(_ isPaused: Bool, camera: String) async
    /// Asks what stands about the camera's last frame, at once.
    func look(at camera: String) async
    /// Teaches a sensor that a picture shows a state; under the name of a picture it was taught with, that
    /// one is corrected.
    func teach(
        _ picture: Picture, name: String, sensor: String, state: String
    ) async throws -> TeachingRecord
    /// For `/metrics`.
    func gauges() async -> [Metrics.Gauge]
}
