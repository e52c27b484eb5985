import BlipPictures
import Foundation

/// A folder's pictures as frames, in the order of their names.
struct FolderFrames {
    let camera: CameraConfiguration

    init(_ camera: CameraConfiguration) { self.camera = camera }

    /// - Throws: ``StreamError`` where the folder cannot be read or holds no picture; `CancellationError`.
    func run(onFrame: @Sendable (Picture) async -> Void) async throws -> FFmpegProcess.End {
        let folder = URL(filePath: camera.source)
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
            throw StreamError("\(folder.path) cannot be read")
        }
        var count = 0
        for name in names.sorted() where !name.hasPrefix(".") {
            try Task.checkCancellation()
            guard let picture = try? Picture(contentsOf: folder.appending(path: name)) else {
                continue
            }
            if count > 0, !camera.isFast { try await Task.sleep(for: .seconds(1 / camera.rate)) }
            count += 1
            await onFrame(shrunk(picture))
        }
        return count > 0 ? .finished : .failed("\(folder.path) holds no pictures")
    }

    private func shrunk(_ picture: Picture) -> Picture {
        let longer = max(picture.width, picture.height)
        guard let side = camera.maximumSide, longer > side else { return picture }
        return
            (try? picture.resized(
                width: max(1, picture.width * side / longer),
                height: max(1, picture.height * side / longer), filter: .bilinear)) ?? picture
    }
}
