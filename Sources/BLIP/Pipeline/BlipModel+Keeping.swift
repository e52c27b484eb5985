public import Foundation
import OpenVINO

extension BlipModel {
    /// A picture's embeddings as bytes, to be kept: whoever has them need not run the vision model again.
    ///
    /// ```swift
    /// try await model.data(of: image).write(to: file)
    /// let image = try await model.encodedImage(from: Data(contentsOf: file))
    /// ```
    ///
    /// They are 1.8 MB for a base-size model at 384x384, and serve every model that is opened from the same weights,
    /// rounded alike, on any device and for pictures of any size.
    ///
    /// - Throws: ``BlipError`` for a picture of another model, and where the model's files cannot be read any more.
    public func data(of image: EncodedImage) throws -> Data {
        try check(image)
        let file = KeptImage(
            fingerprint: try weightsFingerprint(), tokens: image.shape.tokens,
            width: image.shape.width, embeddings: try image.embeddings.array(of: Float.self),
            projection: try image.projection?.array(of: Float.self) ?? [])
        return file.data
    }

    /// A picture that was kept by ``data(of:)``.
    ///
    /// - Returns: as it was when it was kept; its timings are zero.
    /// - Throws: ``BlipError`` of the code ``BlipError/Code/invalidImage`` for bytes that are something else, damaged
    ///   or of a newer version, and for a picture of other weights.
    public func encodedImage(from data: Data) throws -> EncodedImage {
        let kept = try KeptImage(data)
        // One without its projection would take the similarities of all that it is matched with.
        let projects =
            kept.projection.count == configuration.imageTextHiddenSize
            || kept.projection.isEmpty && !hasEmbeddings
        guard try kept.fingerprint == weightsFingerprint(), projects,
            kept.width == configuration.vision.hiddenSize
        else {
            throw BlipError(
                .invalidImage,
                "The kept picture was encoded with other weights than \(folder.lastPathComponent) was opened "
                    + "with; encode it again")
        }
        return EncodedImage(
            embeddings: try Tensor(kept.embeddings, shape: [1, kept.tokens, kept.width]),
            projection: kept.projection.isEmpty
                ? nil : try Tensor(kept.projection, shape: [1, kept.projection.count]),
            timings: StageTimings(), model: id)
    }

    /// Tells its files from other models'.
    ///
    /// - Throws: ``BlipError`` where they cannot be read any more.
    package func fingerprint() throws -> String {
        if let knownFingerprint { return knownFingerprint }
        let fingerprint = try ModelFiles(at: folder, modelCache: modelCache).fingerprint()
        knownFingerprint = fingerprint
        return fingerprint
    }

    /// Of the weights that encode pictures: of the files, and of what they were rounded to.
    private func weightsFingerprint() throws -> UInt64 {
        let files = try fingerprint()
        guard let weights = encodingSettings.weights else { return UInt64(files, radix: 16) ?? 0 }
        var hash = StableHash()
        hash.add("\(files) \(weights.rawValue)".utf8)
        return hash.value
    }
}
