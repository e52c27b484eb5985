import BlipPictures
import Foundation

/// A camera's frames for as long as it is watched: what ends is opened anew.
struct CameraStream {
    enum Change: Sendable {
        case available
        /// With a sentence that says why.
        case unavailable(String)
        case restarted
        case ended
    }

    let camera: CameraConfiguration
    let latest: LatestFrame
    let report: @Sendable (Change) async -> Void

    /// Without luck the next try waits twice as long, up to this.
    private static let longestDelay = Duration.seconds(60)

    /// Runs until a film or folder ends, or the task is cancelled.
    func run() async {
        defer { latest.finish() }
        var delay = Duration.seconds(1)
        let clock = FrameClock(camera)
        while !Task.isCancelled {
            let outcome: FFmpegProcess.End
            do {
                outcome = try await open(clock)
            } catch let error as StreamError {
                outcome = .failed(error.description)
            } catch {
                return
            }
            let gaveFrames = clock.takeCount() > 0
            if outcome == .finished, gaveFrames {
                if camera.kind == .file || camera.kind == .folder { return await report(.ended) }
                if camera.kind == .snapshot {
                    delay = .seconds(1)
                    try? await Task.sleep(for: .seconds(1 / camera.rate))
                    continue
                }
            }
            let isHopeless = camera.kind == .file || camera.kind == .folder
            if gaveFrames { delay = .seconds(1) }
            // One that gave frames a moment ago mostly comes back at once.
            let patience = clock.lastFrame.map { camera.timeout - (ContinuousClock.now - $0) }
            let isGone = outcome == .stalled || (patience ?? .zero) <= .zero
            if isGone || isHopeless { await report(.unavailable(reason(outcome))) }
            if isHopeless { return }
            try? await Task.sleep(for: isGone ? delay : min(delay, patience ?? delay))
            delay = min(delay * 2, Self.longestDelay)
            if !Task.isCancelled { await report(.restarted) }
        }
    }

    private func open(_ clock: FrameClock) async throws -> FFmpegProcess.End {
        if camera.kind == .folder {
            return try await FolderFrames(camera).run { await give($0, clock) }
        }
        return try await FFmpegProcess(camera: camera).run { await give($0, clock) }
    }

    private func give(_ picture: Picture, _ clock: FrameClock) async {
        let isFirst = clock.isFirst
        latest.put(clock.frame(picture))
        if isFirst { await report(.available) }
        if camera.isFast { await latest.waitUntilTaken() }
    }

    private func reason(_ end: FFmpegProcess.End) -> String {
        switch end {
        case .failed(let words): words
        case .stalled: "no frame came for \(camera.timeout.components.seconds) seconds"
        case .finished: "the stream ended"
        }
    }
}
