import ArgumentParser
import BlipCommandSupport
import BlipPictures
import PhotoLibrary

/// Where captions come from.
struct CaptionSourceArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Captions of a file: what blip caption --json printed, or CSV with columns image and caption; "
                + "- for standard input.", valueName: "file"), completion: .file())
    var captions: String?

    @OptionGroup var libraryArguments: LibraryArguments

    func validate() throws {
        if captions != nil, libraryArguments.library != nil {
            throw ValidationError("--captions and --library exclude one another.")
        }
    }

    /// The library that captions come from; `nil` where a file has them.
    func library(isDryRun: Bool) throws -> Library? {
        guard captions == nil else { return nil }
        // Opened for reading first: writing would make one that is not there.
        let library = try libraryArguments.open(for: .reading)
        return isDryRun ? library : try libraryArguments.open(for: .writing)
    }

    /// The captions of some pictures and folders; of none, all captions.
    func items(for images: [String], _ library: Library?) throws -> [WriteRun.Item] {
        if let library {
            return try LibraryWords.items(of: library, in: images.map { RawPath(argument: $0) })
        }
        guard let captions else { return [] }
        let file = try CaptionFile(try read(captions), name: captions)
        let wanted = images.map { RawPath(argument: $0) }
        // Of a picture that stands there several times, the last.
        var items: [RawPath: (place: Int, caption: String)] = [:]
        for entry in file.entries
        where wanted.isEmpty || wanted.contains(where: { entry.picture.lies(in: $0) }) {
            let place = items[entry.picture]?.place ?? items.count
            items[entry.picture] = (place, entry.caption)
        }
        return items.sorted { $0.value.place < $1.value.place }
            .map { WriteRun.Item(picture: $0.key, caption: $0.value.caption) }
    }

    private func read(_ name: String) throws -> [UInt8] {
        let reader = FileBytes(limit: 1 << 30, idleTimeout: .seconds(300)) { _ in true }
        do {
            return try name == "-"
                ? reader.readStandardInput() : reader.read(RawPath(argument: name))
        } catch {
            throw Failure(.usage, error.message)
        }
    }
}
