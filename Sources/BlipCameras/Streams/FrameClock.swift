import BlipPictures
import Foundation
import Synchronization

/// Dates a camera's frames: by their arrival, or by their place in a film that is read faster than life.
final class FrameClock: Sendable {
    private let camera: CameraConfiguration
    private let start = Date()
    private let begin = ContinuousClock.now
    private let counts = Mutex((all: 0, sinceTaken: 0))
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    init(_ camera: CameraConfiguration) { self.camera = camera }

    /// Whether no frame came since the stream was opened.
    var isFirst: Bool { counts.withLock { $0.sinceTaken == 0 } }

    /// When the last frame came; `nil` before the first.
    var lastFrame: ContinuousClock.Instant? { last.withLock(\.self) }

    func frame(_ picture: Picture) -> Frame {
        let number = counts.withLock { counts in
            counts.sinceTaken += 1
            defer { counts.all += 1 }
            return counts.all
        }
        let arrival = ContinuousClock.now
        last.withLock { $0 = arrival }
        guard camera.isFast else {
            return Frame(
                picture: picture, time: Date(), position: arrival - begin, arrival: arrival)
        }
        let seconds = Double(number) / camera.rate
        return Frame(
            picture: picture, time: start.addingTimeInterval(seconds), position: .seconds(seconds),
            arrival: arrival)
    }

    /// Frames since the last call.
    func takeCount() -> Int {
        counts.withLock { counts in
            defer { counts.sinceTaken = 0 }
            return counts.sinceTaken
        }
    }
}
