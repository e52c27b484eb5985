import BLIP
import Crypto
import Pictures

/// Pictures that were encoded a moment ago, by the hash of their bytes; the least recently used
/// leave. Requests for a picture that is being encoded wait for that.
actor PictureCache {
    typealias Encode = @Sendable ([UInt8], String) async throws -> EncodedImage

    private struct Entry {
        let image: Task<EncodedImage, any Error>
        var lastUse: Int
    }

    private let capacity: Int
    private let encode: Encode
    private let metrics: Metrics
    private var entries: [SHA256.Digest: Entry] = [:]
    private var uses = 0

    /// - Parameters:
    ///   - capacity: the most pictures that are kept.
    ///   - encode: decodes and encodes a file's bytes; the text names the picture in errors.
    init(capacity: Int, metrics: Metrics, encode: @escaping Encode) {
        self.capacity = max(1, capacity)
        self.metrics = metrics
        self.encode = encode
    }

    /// The picture, encoded now or before.
    ///
    /// - Returns: also whether it was there already.
    /// - Throws: picture and runtime errors; nothing that failed is kept.
    func image(of bytes: [UInt8], name: String) async throws -> (EncodedImage, wasThere: Bool) {
        let digest = await Self.digest(of: bytes)
        uses += 1
        if let entry = entries[digest] {
            entries[digest]?.lastUse = uses
            metrics.count("blip_picture_cache_hits_total")
            return (try await entry.image.value, true)
        }
        metrics.count("blip_picture_cache_misses_total")
        let image = Task { [encode] in try await encode(bytes, name) }
        entries[digest] = Entry(image: image, lastUse: uses)
        if entries.count > capacity,
            let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
        {
            entries[oldest] = nil
        }
        do {
            return (try await image.value, false)
        } catch {
            if entries[digest]?.image == image { entries[digest] = nil }
            throw error
        }
    }

    @concurrent
    private static func digest(of bytes: [UInt8]) async -> SHA256.Digest {
        SHA256.hash(data: bytes)
    }
}
