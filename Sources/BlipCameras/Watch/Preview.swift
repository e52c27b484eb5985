package import BlipPictures

/// A camera's first frame, for pictures of regions.
package enum Preview {
    /// Waits for a frame.
    ///
    /// - Throws: ``StreamError`` where none comes within the camera's time-out.
    package static func frame(of camera: CameraConfiguration) async throws -> Picture {
        let latest = LatestFrame()
        let (reasons, tellReason) = AsyncStream.makeStream(of: String.self)
        let stream = CameraStream(camera: camera, latest: latest) { change in
            if case .unavailable(let reason) = change { tellReason.yield(reason) }
        }
        return try await withThrowingTaskGroup(of: Picture?.self) { group in
            group.addTask {
                await stream.run()
                return nil
            }
            group.addTask { await latest.next()?.picture }
            group.addTask {
                for await reason in reasons { throw StreamError("\(camera.name): \(reason)") }
                return nil
            }
            defer { group.cancelAll() }
            while let picture = try await group.next() {
                if let picture { return picture }
            }
            throw StreamError("\(camera.name): no frame came")
        }
    }

    /// The frame with all regions of a camera's sensors, and what is asked beneath.
    package static func figure(
        _ frame: Picture, of sensors: [SensorConfiguration]
    ) throws(PictureError) -> Picture {
        // All regions, unless one is all of the frame.
        let regions = sensors.contains { $0.region == nil } ? [] : sensors.compactMap(\.region)
        return try frame.showing(regions).annotated(
            with: Annotation(
                title: "",
                lines: sensors.map {
                    Annotation.Line(question: $0.title, answer: $0.questionText ?? "caption")
                }))
    }
}
