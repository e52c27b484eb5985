import BlipPictures
import Foundation
import Logging

/// Keeps the pictures of events, with the words drawn on.
actor PictureSink: EventSink {
    private var store: PictureStore
    private var watch: WatchConfiguration
    private var trouble: Trouble
    /// Pictures take megabytes: of a burst only the last are drawn.
    private let events: AsyncStream<(CameraEvent, EventPicture)>
    private let source: AsyncStream<(CameraEvent, EventPicture)>.Continuation
    private var waiting = 0

    init(_ configuration: PicturesConfiguration, watch: WatchConfiguration, logger: Logger) {
        store = PictureStore(configuration)
        self.watch = watch
        trouble = Trouble(logger: logger)
        (events, source) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(8))
    }

    func send(_ event: CameraEvent, picture: EventPicture) {
        waiting = min(waiting + 1, 8)
        source.yield((event, picture))
    }

    func run() async {
        for await (event, picture) in events {
            keep(event, picture)
            waiting = max(0, waiting - 1)
        }
    }

    private func keep(_ event: CameraEvent, _ picture: EventPicture) {
        let sensor = watch.sensors.first { $0.name == event.sensor }
        let camera = watch.cameras.first { $0.name == event.camera }
        do {
            let words = EventWords.annotation(
                of: event, title: sensor?.title ?? event.sensor, camera: camera?.title ?? event.camera)
            try store.add(try picture.frame.showing(picture.region).annotated(with: words).jpeg(quality: 85), of: event)
            trouble.end("Pictures of events are kept again.")
        } catch {
            trouble.tell(
                "Pictures of events cannot be kept in \(store.folder.path): check that the folder may be "
                    + "written and its disk has room.")
        }
    }

    func reload(_ configuration: WatchConfiguration) {
        watch = configuration
        if let pictures = configuration.pictures { store = PictureStore(pictures) }
    }

    func finish() async {
        let end = ContinuousClock.now + .seconds(3)
        while waiting > 0, ContinuousClock.now < end {
            guard (try? await Task.sleep(for: .milliseconds(10))) != nil else { break }
        }
        source.finish()
    }
}
