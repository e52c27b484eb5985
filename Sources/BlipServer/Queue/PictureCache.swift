import BLIP
import Crypto
import BlipPictures

/// Pictures that were encoded a moment ago, by the hash of their bytes; the least recently used
/// leave. Requests for a picture that is being encoded wait for that.
actor PictureCache {
    typealias Encode = @Sendable ([UInt8], String, Int?) async throws -> EncodedImage

    private final class Entry {
        let image: Task<EncodedImage, any Error>
        var lastUse = 0
        /// Requests that wait for it.
        var waiting = 0
        var isEncoded = false

        init(_ image: Task<EncodedImage, any Error>) { self.image = image }
    }

    /// A picture, and the size that the model looks at it with; `nil` for the model's own.
    private struct Key: Hashable {
        let digest: SHA256.Digest
        let imageSize: Int?
    }

    private let capacity: Int
    private let encode: Encode
    private let metrics: Metrics
    private var entries: [Key: Entry] = [:]
    private var uses = 0

    /// - Parameters:
    ///   - capacity: the most pictures that are kept.
    ///   - encode: decodes and encodes a file's bytes; the text names the picture in errors, the number is the
    ///     size that the model looks at it with.
    init(capacity: Int, metrics: Metrics, encode: @escaping Encode) {
        self.capacity = max(1, capacity)
        self.metrics = metrics
        self.encode = encode
    }

    /// The picture, encoded now or before.
    ///
    /// - Returns: also whether it was there already.
    /// - Throws: picture and runtime errors; nothing that failed is kept. `CancellationError` as soon
    ///   as the task is cancelled; encoding ends when nobody waits for it any more.
    func image(
        of bytes: [UInt8], name: String, imageSize: Int? = nil
    ) async throws -> (EncodedImage, wasCached: Bool) {
        let key = Key(digest: await Self.digest(of: bytes), imageSize: imageSize)
        let found = entries[key]
        metrics.count("blip_picture_cache_\(found == nil ? "misses" : "hits")_total")
        let entry = found ?? Entry(Task { [encode] in try await encode(bytes, name, imageSize) })
        if found == nil { keep(entry, key) }
        uses += 1
        entry.lastUse = uses
        entry.waiting += 1
        defer { leave(entry, key) }
        let image = try await entry.image.valueUnlessCancelled
        entry.isEncoded = true
        return (image, found != nil)
    }

    /// Requests that wait for a picture.
    var waitingCount: Int { entries.values.reduce(0) { $0 + $1.waiting } }

    /// Forgets all that nobody waits for.
    func removeAll() {
        entries = entries.filter { $0.value.waiting > 0 }
    }

    private func keep(_ entry: Entry, _ key: Key) {
        if entries.count >= capacity,
            let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
        {
            entries[oldest] = nil
        }
        entries[key] = entry
    }

    private func leave(_ entry: Entry, _ key: Key) {
        entry.waiting -= 1
        guard entry.waiting == 0, !entry.isEncoded else { return }
        entry.image.cancel()
        if entries[key] === entry { entries[key] = nil }
    }

    @concurrent
    private static func digest(of bytes: [UInt8]) async -> SHA256.Digest {
        SHA256.hash(data: bytes)
    }
}

extension Task where Failure == any Error {
    /// What it gives, or `CancellationError` as soon as whoever waits is cancelled, though it goes on.
    var valueUnlessCancelled: Success {
        get async throws {
            let (results, source) = AsyncStream<Result<Success, any Error>>.makeStream()
            let watch = Task<Void, Never> { source.yield(await self.result) }
            defer { watch.cancel() }
            for await result in results { return try result.get() }
            throw _Concurrency.CancellationError()
        }
    }
}
