import BLIP
import BlipPictures
public import Foundation

extension LibraryModel {
    /// What reranking found.
    public struct Reranking: Sendable {
        /// Those that fit, the likeliest first.
        public var hits: [SearchHit]
        /// The likeliest of those that do not; `nil` where all fit.
        public var bestOfRest: SearchHit?
        /// Pictures that could not be read, each with a sentence that says why.
        public var unreadable: [(file: URL, message: String)]
    }

    /// Looks at pictures and words together (image-text matching), and keeps those that fit.
    ///
    /// Pictures are read and seen again, so that a picture takes as long as captioning one; 16 serve well.
    ///
    /// - Parameters:
    ///   - hits: what a search found, with files that are still there.
    ///   - text: what they are to fit.
    ///   - probability: the least that counts as fitting; 0 keeps all.
    ///   - acceptsMoreFormats: whether pictures may be HEIC and others that are read only where they are asked
    ///     for.
    ///   - progress: called with each hit once its probability is known.
    /// - Throws: `BlipError`, runtime errors, and `CancellationError`.
    public func rerank(
        _ hits: [SearchHit], by text: String, atLeast probability: Float = 0.5,
        acceptsMoreFormats: Bool = true,
        progress: ((SearchHit) -> Void)? = nil
    ) async throws -> Reranking {
        try model.validate(matching: [text])
        var result = Reranking(hits: [], bestOfRest: nil, unreadable: [])
        var matched: [SearchHit] = []
        for start in stride(from: 0, to: hits.count, by: Self.batchRows) {
            let part = hits[start..<min(start + Self.batchRows, hits.count)]
            var read: [(SearchHit, PreparedPicture)] = []
            var options = await model.pictureOptions
            options.acceptsMoreFormats = acceptsMoreFormats
            for hit in part {
                switch Self.read(hit.photo, options, model) {
                case .success(let picture): read.append((hit, picture))
                case .failure(let error):
                    result.unreadable.append((hit.photo.file, error.message))
                }
            }
            let images = try await model.encode(read.map(\.1))
            let matches = try await model.match(images.map { TextImagePair(text, with: $0) })
            for ((hit, _), match) in zip(read, matches) {
                var hit = hit
                hit.matchProbability = match.probability
                matched.append(hit)
                progress?(hit)
            }
        }
        matched.sort { Self.key($1) < Self.key($0) }
        let count = matched.prefix { ($0.matchProbability ?? 0) >= probability }.count
        result.hits = Array(matched.prefix(count))
        result.bestOfRest = matched.dropFirst(count).first
        return result
    }

    /// Of pictures that fit equally well those first that were found first.
    private static func key(_ hit: SearchHit) -> (Float, Double, Int64) {
        (hit.matchProbability ?? 0, hit.score, -hit.id)
    }

    private static let batchRows = 8

    /// From the first of its files that is still there.
    private static func read(
        _ photo: Photo, _ options: PictureOptions, _ model: BlipModel
    ) -> Result<PreparedPicture, PictureError> {
        var failure = PictureError(.missingFile, "The picture has no file any more; index again.")
        for path in photo.paths {
            do {
                return .success(try model.prepare(Picture(contentsOf: path, options: options)))
            } catch let error as PictureError {
                failure = error
            } catch {
                failure = PictureError(.unreadableFile, "\(path): \(error)")
            }
        }
        return .failure(failure)
    }
}
