import BlipCameras
import BlipCommandSupport
import BlipPictures
import Foundation

/// `blip watch --preview`: each camera's regions, drawn on its first frame.
struct WatchPreview {
    private let configuration: WatchConfiguration

    init(_ configuration: WatchConfiguration) { self.configuration = configuration }

    /// Refuses to draw over what a camera reads: a file, or a folder's picture.
    private static func check(_ place: URL, isNoneOf cameras: [CameraConfiguration]) throws {
        var inputs: [URL] = []
        for camera in cameras where camera.kind == .file || camera.kind == .folder {
            let source = URL(filePath: camera.source)
            inputs.append(source)
            guard camera.kind == .folder else { continue }
            let names = try? FileManager.default.contentsOfDirectory(atPath: source.path)
            inputs += (names ?? []).map { source.appending(path: $0) }
        }
        var files = OutputFiles(reading: inputs)
        try files.add(place, option: "--preview")
    }

    /// - Parameter target: a file, or for several cameras an existing folder.
    func draw(to target: String) async throws {
        try OutputFiles.checkName(target, option: "--preview")
        let isFolder = FileManager.default.isFolder(target)
        guard configuration.cameras.count == 1 || isFolder else {
            throw Failure(
                .usage,
                "--preview \(target): there are \(configuration.cameras.count) cameras, so give an existing "
                    + "folder.")
        }
        for camera in configuration.cameras {
            let file = URL(filePath: target)
            let place = isFolder ? file.appending(path: "\(camera.name).jpg") : file
            try Picture.checkWritable(to: place)
            try Self.check(place, isNoneOf: configuration.cameras)
            let frame: Picture
            do {
                frame = try await Preview.frame(of: camera)
            } catch let error as StreamError {
                throw Failure(.missingRuntime, "\(error.description).")
            }
            try Preview.figure(frame, of: configuration.sensors(of: camera.name)).write(to: place)
            Terminal.note("Drew \(place.path)")
        }
    }
}
