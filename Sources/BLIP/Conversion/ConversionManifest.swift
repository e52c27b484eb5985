package import Foundation

/// What a converted folder holds; a folder that has it holds a whole conversion.
package struct ConversionManifest: Codable {
    package static let fileName = "swift_blip.json"

    /// Raised when graphs change their inputs or outputs.
    static let currentFormat = 2

    var format = Self.currentFormat
    let weights: WeightFormat
    let parts: [ModelPart]
    let tasks: [BlipTask]
    /// Height and width of the pictures in pixels, where they are others than the files beside say.
    let imageSize: Int?
    /// The hidden folder that has the conversion's files, while they are not in their places; see
    /// ``StagingFolder``.
    package var staging: String?

    package init(
        weights: WeightFormat, parts: [ModelPart], tasks: [BlipTask], imageSize: Int? = nil
    ) {
        self.weights = weights
        self.imageSize = imageSize
        self.parts = parts
        self.tasks = tasks
    }

    /// The folder's manifest, or `nil` for a folder that has none and so is no converted one.
    ///
    /// - Throws: ``BlipError`` for a manifest that cannot be read or that another version wrote.
    package init?(in folder: URL) throws {
        let file = folder.appending(path: Self.fileName)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
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

    /// The hidden folder that a manifest of whatever version names.
    package static func staging(_ manifest: Data) -> String? {
        struct Staged: Decodable { let staging: String? }
        return try? JSONDecoder().decode(Staged.self, from: manifest).staging
    }

    /// The folder's manifest, and where its files are at the moment; `nil` for a folder that has none.
    ///
    /// - Throws: ``BlipError`` as ``init(in:)``, and where the manifest names a hidden folder that is not there.
    static func found(in folder: URL) throws -> (manifest: Self, files: URL)? {
        guard let manifest = try Self(in: folder) else { return nil }
        guard let staging = manifest.staging, StagingFolder.isOne(staging) else {
            return (manifest, folder)
        }
        let staged = folder.appending(path: staging)
        if staged.isFolder { return (manifest, staged) }
        // Its files have taken their places since the manifest was read, if it names the folder no more.
        guard try Self(in: folder)?.staging != staging else {
            throw BlipError(
                .invalidConfiguration,
                "\(folder.path) lacks the hidden folder \(staging), which holds its model; copy the "
                    + "folder again with its hidden files, or convert the checkpoint again")
        }
        return try found(in: folder)
    }

    /// What the folder's `config.json` says, for pictures of the converted size.
    func configuration(in folder: URL) throws(BlipError) -> BlipConfiguration {
        var configuration = try BlipConfiguration(folder: folder)
        if let imageSize {
            configuration.vision.imageSize = imageSize
            try configuration.validate()
        }
        return configuration
    }

    /// Refuses what can no more be chosen.
    ///
    /// - Parameters:
    ///   - imageSize: the pictures' size that was asked for.
    ///   - weights: the weights that were asked for.
    ///   - configuration: the folder's.
    ///   - folder: named in the error.
    func check(
        _ imageSize: Int?, _ weights: WeightFormat?, _ configuration: BlipConfiguration,
        _ folder: URL
    ) throws(BlipError) {
        let name = folder.lastPathComponent
        let own = configuration.vision.imageSize
        if let imageSize, imageSize != own {
            throw BlipError(
                .invalidOption,
                "\(name) was converted for pictures of \(own)x\(own), not \(imageSize)x\(imageSize); convert its "
                    + "checkpoint for that size, or choose none")
        }
        if let weights, weights != self.weights {
            throw BlipError(
                .invalidOption,
                "\(name) was converted with \(self.weights.rawValue) weights, not \(weights.rawValue); convert its "
                    + "checkpoint with those, or choose none")
        }
    }

    package func write(to file: URL) throws {
        try JSONEncoder.reproducible.encode(self).write(to: file)
    }
}

extension JSONEncoder {
    /// Gives the same bytes for the same values.
    package static var reproducible: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return encoder
    }
}
