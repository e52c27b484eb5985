import BlipPictures
import Foundation
import Logging

/// Keeps the pictures of events, with the words drawn on.
actor PictureSink: EventSink {
    private var store: PictureStore
    private var watch: WatchConfiguration
    private var trouble: Trouble
    /// Pictures take megabytes: of a burst only the last are drawn.
    private var waiting: [(CameraEvent, EventPicture)] = []
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    private static let mostWaiting = 8

    init(_ configuration: PicturesConfiguration, watch: WatchConfiguration, logger: Logger) {
        store = PictureStore(configuration)
        self.watch = watch
        trouble = Trouble(logger: logger)
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func send(_ event: CameraEvent, picture: EventPicture) {
        waiting = waiting.suffix(Self.mostWaiting - 1) + [(event, picture)]
        wake.yield()
    }

    func run() async {
        for await _ in wakes {
            while !waiting.isEmpty {
                keepFirst()
                // Events come in between.
                await Task.yield()
            }
        }
    }

    private func keepFirst() {
        let (event, picture) = waiting.removeFirst()
        keep(event, picture)
    }

    private func keep(_ event: CameraEvent, _ picture: EventPicture) {
        let sensor = watch.sensors.first { $0.name == event.sensor }
        let camera = watch.cameras.first { $0.name == event.camera }
        do {
            let words = EventWords.annotation(
                of: event, title: sensor?.title ?? event.sensor,
                camera: camera?.title ?? event.camera)
            try store.add(
                try picture.frame.showing(picture.region).annotated(with: words).jpeg(quality: 85),
                of: event)
            trouble.end("Pictures of events are kept again.")
        } catch {
            trouble.tell(
                "Pictures of events cannot be kept in \(store.folder.path): check that the folder may be "
                    + "written and its disk has room.")
        }
    }

    func reload(_ configuration: WatchConfiguration) async {
        watch = configuration
        if let pictures = configuration.pictures { store = PictureStore(pictures) }
    }

    func finish() async { while !waiting.isEmpty { keepFirst() } }
}
