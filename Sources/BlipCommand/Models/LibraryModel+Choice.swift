import BLIP
import BlipCommandSupport
import Foundation
import PhotoLibrary

extension LibraryModel {
    /// The model that was named, or else the one that the library was indexed with, or else the default.
    /// The library's is opened as it was then, but for options that are given.
    ///
    /// - Parameters:
    ///   - arguments: with what `--model` says.
    ///   - used: what the library was indexed with; `nil` before the first time.
    ///   - prefersDefault: whether the default goes before the library's own.
    init(
        _ arguments: ModelArguments, used: Library.UsedModel?, prefersDefault: Bool = false
    ) async throws {
        let chosen: ChosenModel
        if arguments.model == nil, let used, !prefersDefault {
            chosen = ChosenModel(
                name: used.name,
                location: try await ModelLocation.find(used.name, setBy: "the library"),
                isEmbedded: false)
        } else {
            chosen = try await arguments.choose(for: [.match])
        }
        try self.init(chosen, arguments, used: prefersDefault ? nil : used)
        if let used, arguments.model == nil, !prefersDefault, used.fingerprint != fingerprint {
            throw Failure(
                .missingModel,
                "\(used.name) is another model than the library was indexed with; name that one with "
                    + "--model, or index again with --update-model.")
        }
    }

    /// One that was named beside another.
    ///
    /// - Parameter used: what did its work for the library so far; opened as it was then if it is the same.
    init(
        named name: String, _ arguments: ModelArguments, used: Library.UsedModel?
    ) async throws {
        try self.init(
            ChosenModel(
                name: name, location: try await ModelLocation.find(name), isEmbedded: false),
            arguments, used: used)
    }

    private init(
        _ chosen: ChosenModel, _ arguments: ModelArguments, used: Library.UsedModel?
    ) throws {
        var options = arguments.runtimeOptions
        if let used, let settings = used.settings,
            try Self.fingerprint(of: chosen.location, modelCache: options.modelCache)
                == used.fingerprint
        {
            options.imageSize = options.imageSize ?? settings.imageSize
            options.weights = options.weights ?? settings.weights
        }
        // A path shall mean the same in every folder.
        let isPath = FileManager.default.fileExists(atPath: chosen.name)
        try self.init(
            BlipModel(folder: chosen.location, options: options),
            name: isPath ? URL(filePath: chosen.name).absoluteURL.path : chosen.name,
            folder: chosen.location, modelCache: options.modelCache)
    }
}
