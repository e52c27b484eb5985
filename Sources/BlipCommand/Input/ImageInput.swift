import Foundation
import Pictures

/// One picture that was named on the command line, or found in a folder or list.
struct ImageInput: Sendable {
    /// As it is printed.
    let name: String
    private let source: Source

    /// The file that it is read from; `nil` for standard input.
    var file: URL? {
        if case .file(let url) = source { url } else { nil }
    }

    private enum Source {
        case file(URL)
        case standardInput
    }

    /// One file, whatever its name.
    init(file path: String) {
        self.init(name: path, source: .file(URL(filePath: path)))
    }

    private init(name: String, source: Source) {
        self.name = name
        self.source = source
    }

    func load(_ options: PictureOptions = .init()) throws(PictureError) -> Picture {
        switch source {
        case .file(let url): try Picture(contentsOf: url, options: options)
        case .standardInput:
            // What cannot be read is empty, and an empty picture says so.
            try Picture(
                bytes: (try? FileHandle.standardInput.readToEnd()) ?? Data(),
                name: "Standard input", options: options
            )
        }
    }

    /// Resolves the `IMAGE` arguments: a file, a folder (recursive), `-` for standard input, or
    /// `@list.txt` with a path a line.
    ///
    /// A file that is not there is still an input, whose loading says so; the others run.
    static func resolve(_ arguments: [String]) throws -> [ImageInput] {
        try arguments.flatMap { argument -> [ImageInput] in
            if argument == "-" { return [ImageInput(name: "-", source: .standardInput)] }
            if argument.hasPrefix("@") { return try list(String(argument.dropFirst())) }
            return expand(argument)
        }
    }

    /// ``resolve(_:)`` of one argument that texts follow; refuses them in the wrong order.
    static func resolve(_ image: String, before texts: [String]) throws -> [ImageInput] {
        let exists = { FileManager.default.fileExists(atPath: $0) }
        if !exists(image), image != "-", !image.hasPrefix("@"),
            let picture = texts.first(where: exists)
        {
            throw Failure(
                .usage, "\"\(image)\" is no file, and \(picture) is one; the picture comes first.")
        }
        return try resolve([image])
    }

    private static func list(_ path: String) throws -> [ImageInput] {
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure(
                .usage,
                "\(path): there is no such list; @ names a text file with a path a line.")
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Failure(
                .usage,
                "\(path): the list cannot be read; give a UTF-8 text file with a path a line.")
        }
        let paths = text.split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        guard !paths.isEmpty else {
            throw Failure(.usage, "\(path): the list is empty; give a path a line.")
        }
        return paths.flatMap(expand)
    }

    private static func expand(_ path: String) -> [ImageInput] {
        guard FileManager.default.isFolder(path)
        else { return [ImageInput(file: path)] }

        let pictures = pictures(in: path)
        // A folder without pictures is an input that cannot be read: the others still run.
        guard !pictures.isEmpty else {
            return [ImageInput(file: path)]
        }
        return pictures.map { ImageInput(file: path.joined(toPath: $0)) }
    }

    /// The pictures in a folder and below, by their path from there.
    static func pictures(in folder: String) -> [String] {
        let found =
            FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return found.filter { isPicture($0) }.sorted()
    }

    private static let extensions = ["jpg", "jpeg", "png", "webp", "gif", "tif", "tiff"]

    private static func isPicture(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return !name.hasPrefix(".")
            && extensions.contains { name.lowercased().hasSuffix(".\($0)") }
    }
}
