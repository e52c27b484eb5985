package import BLIP

/// How folders are indexed.
public struct IndexOptions: Sendable {
    /// Whether pictures that another model saw are seen again; else another model is an error.
    package var updatesModel = false
    /// Whether pictures leave the library of which none is left in a folder that was named, or that was a disk;
    /// else that is taken for a disk that is not there, and they stay.
    package var emptiesFolders = false
    /// As ``emptiesFolders``, but only for folders that were named: while one is watched, whoever removes its last
    /// picture empties it.
    package var emptiesPlaces = false
    /// Pictures that run together, and are kept together.
    package var batchSize = 8
    /// The most pixels of a picture that is decoded whole.
    package var maximumPixels = PictureLimits.pixels
    /// Whether captions are made, where the model can.
    public var captions = true
    /// What captions begin with.
    public var prompt = ""
    /// How captions are generated.
    package var captionOptions = GenerationOptions()

    /// The usual way.
    public init() {}
}

/// Limits that hold where none are given.
package enum PictureLimits {
    /// 256 megapixels.
    package static let pixels = 256_000_000
}
