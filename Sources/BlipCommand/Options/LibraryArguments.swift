import BLIP
import ArgumentParser
import BlipCommandSupport
import Foundation
import PhotoLibrary

/// Which library of photos a command reads or writes.
struct LibraryArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The library's file.",
            discussion: "Without it, swift-blip/photos.sqlite in XDG_DATA_HOME or ~/.local/share.",
            valueName: "file"), completion: .file())
    var library: String?

    func validate() throws {
        if let library {
            do {
                try OutputFiles.checkName(library, option: "--library")
            } catch {
                throw ValidationError("\(error)")
            }
        }
    }

    var file: URL {
        library.map { URL(filePath: $0).absoluteURL }
            ?? UserFolder.data.appending(path: "swift-blip/photos.sqlite")
    }

    func open(for access: Library.Access) throws -> Library { try Library(at: file, for: access) }
}
