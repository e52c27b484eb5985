package import BlipPictures
package import Foundation

/// A picture that a camera gave.
package struct Frame: Sendable {
    package let picture: Picture
    package let time: Date
    /// Since the camera began: what intervals are measured by. Of a film, where it stands in it.
    package let position: Duration
    package let arrival: ContinuousClock.Instant
}
