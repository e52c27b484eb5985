import BlipEvaluation
import Foundation
import BlipPictures

/// The folder that a data set's pictures lie in.
struct PictureFolder {
    private let path: RawPath
    private let pictures: [RawPath]

    init(_ argument: String) throws {
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
    var inputs: [ImageInput] { pictures.map(ImageInput.init(file:)) }

    /// Their files.
    var files: [URL] { pictures.map(\.url) }

    /// The picture of a name; one that is not there is an input whose loading says so.
    func picture(named name: String, in file: String) throws -> ImageInput {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.isEmpty, parts.first != "", !parts.contains("..") else {
            throw Failure(
                .usage,
                "\(file): the file name \"\(name)\" leads out of the folder; name files below it.")
        }
        return ImageInput(file: path.appending(name.utf8))
    }

    /// Finds pictures by number, as VQA names them: the number that ends the file's name, as in
    /// COCO_val2014_000000000042.jpg.
    func byNumber() -> (DataSetID) -> [ImageInput] {
        var found: [String: [RawPath]] = [:]
        for picture in pictures {
            let name = picture.lastComponent.description
            let stem = String(name.split(separator: ".").first ?? "")
            let digits = String(stem.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
            for name in Set([stem] + (Int(digits).map { [String($0)] } ?? [])) {
                found[name, default: []].append(picture)
            }
        }
        return { id in (found[id.description] ?? []).map(ImageInput.init(file:)) }
    }

    /// The path of a picture that is not there, for the complaint about it.
    func missing(_ id: DataSetID) -> ImageInput {
        ImageInput(file: path.appending("*\(id)".utf8))
    }
}
