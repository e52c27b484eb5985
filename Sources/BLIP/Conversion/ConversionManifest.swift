import Foundation

/// What a converted folder holds; written last, so a folder that has it is whole.
struct ConversionManifest: Codable {
    static let fileName = "swift_blip.json"

    /// Raised when graphs change their inputs or outputs.
    static let currentFormat = 2

    var format = Self.currentFormat
    let weights: BlipConverter.Weights
    let parts: [ModelPart]
    let tasks: [BlipTask]

    init(weights: BlipConverter.Weights, parts: [ModelPart], tasks: [BlipTask]) {
        self.weights = weights
        self.parts = parts
        self.tasks = tasks
    }

    /// Whether a folder is a converted one, of whatever version.
    static func exists(in folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: fileName).path)
    }

    /// The folder's manifest, or `nil` for a folder that has none and so is no converted one.
    ///
    /// - Throws: ``BlipError`` for a manifest that cannot be read or that another version wrote.
    init?(in folder: URL) throws {
        let file = folder.appending(path: Self.fileName)
        guard Self.exists(in: folder) else { return nil }
        guard let manifest = try? JSONDecoder().decode(Self.self, from: Data(contentsOf: file)),
            manifest.format == Self.currentFormat
        else {
            throw BlipError(
                .invalidConfiguration,
                "\(file.path): the folder was converted by another version of this program; "
                    + "convert the checkpoint again")
        }
        self = manifest
    }
}
