import ArgumentParser
import BLIP
import BlipCommandSupport
import BlipPictures
import Foundation
import PhotoLibrary

struct Index: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Index folders of pictures, so that blip search finds them.",
        discussion: """
            The library has a vector and a caption for each picture, and the text that the picture or its \
            sidecar already has. Run it again after changes: it reads only new and changed files, and \
            recognizes pictures that were moved, renamed or copied. It writes nothing into your folders \
            without --write.

            --model makes the vectors for the search, and captions if it can; if not, --caption-model makes \
            them. The library remembers its models, with their --image-size and --weights.

            EXAMPLES
              blip index Photos
              blip index Photos --caption-model Salesforce/blip-image-captioning-base
              blip index Photos --watch
              blip index Photos --model Salesforce/blip-itm-base-coco --update-model
            """)

    @Argument(help: "Folders (recursive) and files.", completion: .directory)
    var places: [String]

    @OptionGroup var library: LibraryArguments

    @Option(
        help: ArgumentHelp(
            "The model for captions, if not --model; each picture then runs through both.",
            valueName: "name"), completion: .directory)
    var captionModel: String?

    @Flag(help: "Make no captions.")
    var noCaptions = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The beginning of captions.", valueName: "text"))
    var prompt: String?

    @Flag(help: "Change the library to another model, and run it over all pictures.")
    var updateModel = false

    @Flag(
        help:
            "Also remove pictures on disks that are not mounted, and in given folders that are now empty."
    )
    var prune = false

    @Flag(help: "Afterwards, keep indexing changes in the folders until interrupted.")
    var watch = false

    @Option(
        help: ArgumentHelp(
            "Write captions into files, too: sidecar or embed, as blip write does.",
            valueName: "place"))
    var write: WriteArguments.Target?

    @OptionGroup(title: "Writing") var writing: WriteRuleArguments

    @OptionGroup(title: "Captions") var generation: GenerationArguments
    @OptionGroup(title: "Model") var model: ModelArguments
    @OptionGroup(title: "Output") var output: OutputArguments

    func validate() throws {
        if noCaptions, captionModel != nil {
            throw ValidationError("--no-captions and --caption-model exclude one another.")
        }
        if write == nil, writing.dryRun || writing.overwrite {
            throw ValidationError(
                "\(writing.dryRun ? "--dry-run" : "--overwrite") is about words in files; give --write, too."
            )
        }
    }

    func run() async throws {
        try await reportingFailures {
            let paths = places.map(RawPath.init(argument:))
            for path in paths where path.status == nil {
                throw Failure(.usage, "There is no folder or file \(path); check the path.")
            }
            let library = try library.open(for: .writing)
            if write != nil, await !ExifTool.isInstalled {
                throw Failure(.missingRuntime, ExifToolError.missing.description)
            }
            let indexer = try await indexer(library)
            let run = LibraryRun(
                indexer, json: output.json,
                words: write.map { LibraryWords(library, options: writing.options($0)) })
            // Before the folders are compared, so that no change falls between.
            let changes = watch ? try FolderChanges(paths) : nil
            try await run.index(paths)
            if let changes { try await run.follow(changes) }
        }
    }

    private func indexer(_ library: Library) async throws -> Indexer {
        let used = try library.usedModels()
        // Another captioner alone takes no library over.
        let seer = try await LibraryModel(
            model, used: used.vectors, prefersDefault: updateModel && captionModel == nil)
        var captioner: LibraryModel?
        if let captionModel {
            captioner = try await LibraryModel(
                named: captionModel, model, used: updateModel ? nil : used.captions)
        } else if !noCaptions, !seer.model.tasks.contains(.caption), let name = used.captions?.name,
            !updateModel
        {
            captioner = try await LibraryModel(named: name, model, used: used.captions)
        }
        var options = IndexOptions()
        options.updatesModel = updateModel
        options.emptiesFolders = prune
        options.batchSize = generation.pictures(perBatch: output.rows(for: seer.model))
        options.maximumPixels = output.maxMegapixels * 1_000_000
        options.captions = !noCaptions
        options.prompt = prompt ?? ""
        options.captionOptions = generation.options()
        if !noCaptions {
            let model = captioner?.model ?? seer.model
            if model.tasks.contains(.caption) {
                try model.validate(captionsWith: options.captionOptions, prompt: options.prompt)
            } else if captioner == nil {
                Terminal.note(
                    "\(seer.name) makes no captions, so that words are searched by vectors alone; "
                        + "--caption-model names one that does.")
            }
        }
        return Indexer(library, model: seer, captioner: captioner, options: options)
    }
}
