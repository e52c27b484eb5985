import BlipPictures
import Foundation

extension ImageInput {
    /// One part of the pictures that arguments name, in folders, lists and tar files.
    ///
    /// Every picture belongs to one part, by its place among all; a tar file belongs to one as a whole, so that
    /// no other needs to read it.
    ///
    /// - Throws: ``Failure`` for arguments that name nothing, and for tar files that are refused.
    package static func resolve(_ arguments: [String], shard: Shard) throws -> [ImageInput] {
        var leftOut = LeftOut()
        let files = try arguments.flatMap { argument -> [RawPath] in
            guard argument != "-", argument != "@-", argument != "@/dev/stdin" else {
                throw Failure(
                    .usage,
                    "Standard input, which \(argument) stands for, cannot be divided into parts; name a file, "
                        + "a folder or @list.")
            }
            let paths =
                argument.hasPrefix("@")
                ? try PictureList(argument: argument).paths : [RawPath(argument: argument)]
            return paths.flatMap { withArchives($0, &leftOut) }
        }
        guard !files.isEmpty else {
            throw Failure(.usage, "There are no pictures; name a file, a folder or @list.")
        }
        let inputs = try shard.share(of: files).flatMap { file -> [ImageInput] in
            guard isArchive(file) else { return [ImageInput(file: file)] }
            return try TarArchive(file).members.compactMap { member in
                switch PictureKind(fileName: member.name) {
                case .readable: return ImageInput(member, of: file)
                case .foreign(let name):
                    leftOut.add(.format(name))
                    return nil
                case nil: return nil
                }
            }
        }
        leftOut.tell()
        return inputs
    }

    private static func withArchives(_ path: RawPath, _ leftOut: inout LeftOut) -> [RawPath] {
        guard path.isFolder else { return [path] }
        let walk = FolderWalk(path)
        leftOut.add(walk.leftOut)
        return (walk.pictures + walk.archives + walk.unreadable).sorted()
    }

    private static func isArchive(_ path: RawPath) -> Bool {
        path.bytes.suffix(4).elementsEqual(Array(".tar".utf8)) && !path.isFolder
    }
}
