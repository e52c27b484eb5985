import BlipPictures
package import Foundation

extension ImageInput {
    /// One part of the pictures that arguments name, in folders, lists and tar files.
    ///
    /// Every picture belongs to one part, by its place among all; a tar file belongs to one as a whole, so that
    /// no other needs to read it. Tar files that parts wrote are no inputs, since each part
    /// would find others.
    ///
    /// - Parameter output: the folder that parts are written to.
    /// - Throws: ``Failure`` for arguments that name nothing, and for tar files that are refused.
    package static func resolve(
        _ arguments: [String], shard: Shard, output: URL
    ) throws -> [ImageInput] {
        var leftOut = LeftOut()
        let named = try arguments.flatMap { argument -> [RawPath] in
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
        // After the inputs were looked for, so that no part is missed that is finished meanwhile.
        let written = parts(in: output)
        let files = named.filter { file in
            guard !written.isEmpty, isArchive(file) else { return true }
            return !(FileIdentity(file.url).map(written.contains) ?? false)
        }
        guard !files.isEmpty else {
            throw Failure(.usage, "There are no pictures; name a file, a folder or @list.")
        }
        let inputs = try shard.share(of: files).flatMap { file -> [ImageInput] in
            guard isArchive(file) else { return [ImageInput(file: file)] }
            let archive = try TarArchive(file)
            let pictures = archive.members.compactMap { member -> ImageInput? in
                switch PictureKind(fileName: member.name) {
                case .readable: return ImageInput(member, of: file)
                case .foreign(let name):
                    leftOut.add(.format(name))
                    return nil
                case nil: return nil
                }
            }
            // Else what was cut off would be missing, and nobody told.
            return archive.hasEnd ? pictures : pictures + [ImageInput(cutArchive: file)]
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

    private static func parts(in folder: URL) -> Set<FileIdentity> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let tars = names.filter { $0.hasPrefix("part-") && $0.hasSuffix(".tar") }
        return Set(tars.compactMap { FileIdentity(folder.appending(path: $0)) })
    }
}
