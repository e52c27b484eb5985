import BlipPictures
import Foundation

extension ImageInput {
    /// Resolves the `IMAGE` arguments: a file, a folder (with what is below), `-` for standard input, or
    /// `@list.txt` with a path a line.
    ///
    /// A file that is not there is still an input, whose loading says so; the others run. What folders hold
    /// beside the pictures is told of.
    package static func resolve(_ arguments: [String]) throws -> [ImageInput] {
        guard arguments.count(where: isStandardInput) < 2 else {
            throw Failure(
                .usage, "Standard input, which - stands for, can be read once; name it once.")
        }
        var leftOut = LeftOut()
        let inputs = try arguments.flatMap { argument -> [ImageInput] in
            if argument == "-" { return [.standardInput] }
            guard argument.hasPrefix("@") else {
                return expand(RawPath(argument: argument), &leftOut)
            }
            return try PictureList(argument: argument).paths.flatMap { expand($0, &leftOut) }
        }
        leftOut.tell()
        return inputs
    }

    /// ``resolve(_:)`` of one argument that texts follow; refuses them in the wrong order.
    package static func resolve(_ image: String, before texts: [String]) throws -> [ImageInput] {
        let exists = { (argument: String) in RawPath(argument: argument).status != nil }
        if !exists(image), image != "-", !image.hasPrefix("@"),
            let picture = texts.first(where: exists)
        {
            throw Failure(
                .usage, "\"\(image)\" is no file, and \(picture) is one; the picture comes first.")
        }
        return try resolve([image])
    }

    /// As a picture or as a list.
    private static func isStandardInput(_ argument: String) -> Bool {
        let name = argument.hasPrefix("@") ? argument.dropFirst() : argument[...]
        return argument == "-" || ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].contains(name)
    }

    private static func expand(_ path: RawPath, _ leftOut: inout LeftOut) -> [ImageInput] {
        guard path.isFolder else { return [ImageInput(file: path)] }
        let walk = FolderWalk(path)
        leftOut.add(walk.leftOut)
        let found = (walk.pictures + walk.unreadable).sorted().map(ImageInput.init(file:))
        // A folder without pictures is an input that cannot be read: the others still run.
        return found.isEmpty ? [ImageInput(file: path)] : found
    }
}
