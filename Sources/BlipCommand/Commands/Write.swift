import ArgumentParser
import BLIP
import BlipCommandSupport
import BlipPictures
import Foundation
import PhotoLibrary

struct Write: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write captions into sidecars, into the pictures' files, or into a table.",
        discussion: """
            Writes captions from the library that blip index made, or from a file. The fields are \
            dc:description, Iptc4xmpCore:AltTextAccessibility and tiff:ImageDescription; in a JPEG also \
            IPTC's Caption-Abstract and EXIF's ImageDescription. Text that a person wrote stays, unless \
            you give --overwrite. Dates, pixels and everything else always stay. Needs exiftool.

            EXAMPLES
              blip write --to sidecar --dry-run
              blip write Photos/2024 --to sidecar --sidecar-name stem
              blip write --csv alt-texts.csv
              blip caption photos/ --json > captions.jsonl
              blip write --captions captions.jsonl --to embed
            """)

    @Argument(
        help:
            "Only these pictures, and those in these folders; without any, all that have a caption.",
        completion: .file())
    var images: [String] = []

    @OptionGroup(title: "Captions") var source: CaptionSourceArguments
    @OptionGroup(title: "Writing") var writing: WriteArguments

    @Option(
        help: ArgumentHelp("Write a table with the columns image and alt_text.", valueName: "file"),
        completion: .file())
    var csv: String?

    @Flag(help: "Print one JSON object a line, and nothing else, on standard output.")
    var json = false

    func validate() throws {
        if writing.to == nil, csv == nil {
            throw ValidationError(
                "There is nothing to write to; give --to sidecar, --to embed or --csv FILE.")
        }
    }

    func run() async throws {
        try await reportingFailures(keepsFreedMemory: false) {
            let library = try source.library(isDryRun: writing.isDryRun || writing.to == nil)
            let items = try source.items(for: images, library)
            guard !items.isEmpty else {
                throw Failure(.usage, "None of these pictures has a caption; make some first.")
            }
            if let csv { try writeTable(items, to: csv) }
            guard let options = writing.options else { return }
            let output: WriteRun.Output = json ? .json : .sentences
            if let library {
                try await LibraryWords(library, options: options).write(items, output: output)
            } else {
                try await WriteRun(options: options, output: output).run(items)
            }
        }
    }

    private func writeTable(_ items: [WriteRun.Item], to path: String) throws {
        let file = URL(filePath: path)
        var files = OutputFiles(reading: items.map(\.picture.url))
        try files.add(file, option: "--csv")
        if writing.isDryRun {
            return Terminal.note("Would write \(items.count) alt texts to \(path).")
        }
        let rows = items.map { SeparatedValues.line([$0.picture.description, $0.caption]) }
        let table = ([SeparatedValues.line(["image", "alt_text"])] + rows + [""]).joined(
            separator: "\r\n")
        do {
            try Draft.write(Data(table.utf8), to: file.followingLinks)
        } catch {
            throw OutputFiles.unwritable(file)
        }
    }
}
