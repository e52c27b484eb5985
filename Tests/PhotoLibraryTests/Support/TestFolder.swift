import BLIP
import BlipDemoModel
import BlipPictures
import Foundation
import PhotoLibrary

/// A folder of pictures, with a library beside it, that is gone after the test.
struct TestFolder: ~Copyable {
    let url: URL
    var photos: URL { url.appending(path: "photos", directoryHint: .isDirectory) }
    var file: URL { url.appending(path: "library/photos.sqlite") }

    init() throws {
        let place = FileManager.default.temporaryDirectory
            .appending(path: "blip-library-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: place.appending(path: "photos"), withIntermediateDirectories: true)
        // As the library has paths: without links.
        url = place.resolvingSymlinksInPath()
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    static let samples = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Samples")

    /// Copies samples of the repository, all of them where none is named.
    func addSamples(_ names: [String] = sampleNames) throws {
        for name in names {
            try FileManager.default.copyItem(
                at: Self.samples.appending(path: name), to: photos.appending(path: name))
        }
    }

    static let sampleNames = [
        "car-above-star.png", "elephant-and-cow.png", "four-dogs.png", "three-pigs.png",
    ]

    /// Makes pictures that all differ.
    func addSquares(_ count: Int, from first: Int = 0) throws {
        for index in first..<first + count {
            var rgb = [UInt8](repeating: UInt8(index % 256), count: 3 * 32 * 32)
            rgb[0] = UInt8(index / 256)
            rgb[1] = 255 - UInt8(index % 256)
            try Picture(width: 32, height: 32, rgb: rgb)
                .write(to: photos.appending(path: "square-\(index).png"))
        }
    }

    func library(for access: Library.Access = .writing) throws -> Library {
        try Library(at: file, for: access)
    }
}

/// Models that all tests share: opened once.
enum TestModels {
    static let demo = Result { try LibraryModel(folder: DemoModel.folder, options: options()) }
    static let int8 = Result { try LibraryModel(folder: DemoModel.int8Folder, options: options()) }
    /// The same as `demo` for smaller pictures.
    static let small = Result { try LibraryModel(folder: DemoModel.folder, options: options(64)) }

    private static func options(_ imageSize: Int? = nil) -> RuntimeOptions {
        RuntimeOptions(device: "CPU", threads: 2, imageSize: imageSize)
    }
}

/// What an index run told.
final class Events {
    var failures: [String] = []
    var notes: [String] = []
    var found = 0

    func take(_ event: IndexEvent) {
        switch event {
        case .found(let count): found = count
        case .kept: break
        case .failed(_, let message): failures.append(message)
        case .note(let sentence): notes.append(sentence)
        }
    }
}

extension IndexSummary {
    init(
        added: Int = 0, copied: Int = 0, changed: Int = 0, unchanged: Int = 0, moved: Int = 0,
        removed: Int = 0, failed: Int = 0
    ) {
        self.init()
        self.added = added
        self.copied = copied
        self.changed = changed
        self.unchanged = unchanged
        self.moved = moved
        self.removed = removed
        self.failed = failed
    }
}

extension FileManager {
    func rename(_ first: String, _ second: String, in folder: URL) throws {
        try moveItem(at: folder.appending(path: first), to: folder.appending(path: second))
    }
}
