package import BlipPictures
package import Foundation

/// A folder that pictures lie in, there and below.
package struct PictureFolder {
    package let path: RawPath
    package let pictures: [RawPath]

    package init(_ argument: String) throws {
        path = RawPath(argument: argument)
        guard path.isFolder else {
            throw Failure(.usage, "\(path) is no folder; give the one with the pictures.")
        }
        let walk = FolderWalk(path)
        walk.leftOut.tell()
        for folder in walk.unreadable {
            Terminal.complain("\(folder) cannot be read, and its pictures are left out.")
        }
        pictures = walk.pictures
        guard !pictures.isEmpty else {
            throw Failure(
                .usage, "\(path) holds no pictures; give the folder that they lie in.")
        }
    }

    /// All pictures in it and below.
    package var inputs: [ImageInput] { pictures.map(ImageInput.init(file:)) }

    /// Their files.
    package var files: [URL] { pictures.map(\.url) }

    /// The picture of a name; one that is not there is an input whose loading says so.
    package func picture(named name: String, in file: String) throws -> ImageInput {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.isEmpty, parts.first != "", !parts.contains("..") else {
            throw Failure(
                .usage,
                "\(file): the file name \"\(name)\" leads out of the folder; name files below it.")
        }
        return ImageInput(file: path.appending(name.utf8))
    }
}
