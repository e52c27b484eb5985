import BlipCommandSupport
import BlipEvaluation
import BlipPictures

extension PictureFolder {
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
