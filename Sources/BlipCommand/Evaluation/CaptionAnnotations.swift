/// A picture with what people wrote of it.
struct CaptionedPicture {
    let id: Identifier
    let input: ImageInput
    let captions: [String]
}

/// Captions in COCO's format.
struct CaptionAnnotations: Decodable {
    struct Image: Decodable {
        let id: Identifier
        let fileName: String

        enum CodingKeys: String, CodingKey {
            case id
            case fileName = "file_name"
        }
    }

    struct Annotation: Decodable {
        let imageID: Identifier
        let caption: String

        enum CodingKeys: String, CodingKey {
            case imageID = "image_id"
            case caption
        }
    }

    let images: [Image]
    let annotations: [Annotation]

    /// The pictures that have captions, in the order of the file.
    static func read(_ path: String, folder: PictureFolder) throws -> [CaptionedPicture] {
        let file = try AnnotationFile.read(path, as: Self.self)
        try file.check(path)
        let captions = Dictionary(grouping: file.annotations, by: \.imageID)
        let pictures = try file.images.compactMap { image -> CaptionedPicture? in
            guard let captions = captions[image.id] else { return nil }
            return CaptionedPicture(
                id: image.id, input: try folder.picture(named: image.fileName, in: path),
                captions: captions.map(\.caption))
        }
        guard !pictures.isEmpty else {
            throw Failure(
                .usage, "\(path): no picture has a caption; give a file with annotations.")
        }
        let without = file.images.count - pictures.count
        if without > 0 {
            Terminal.note("\(path): \(without) of the pictures have no captions and are left out.")
        }
        return pictures
    }

    /// Refuses pictures that are there twice, and captions of pictures that are not there.
    private func check(_ path: String) throws {
        var ids: Set<Identifier> = []
        var names: Set<String> = []
        for image in images {
            guard ids.insert(image.id).inserted, names.insert(image.fileName).inserted else {
                throw Failure(
                    .usage,
                    "\(path): picture \(image.id) (\(image.fileName)) is there twice; leave one "
                        + "of them out.")
            }
        }
        if let unknown = annotations.first(where: { !ids.contains($0.imageID) }) {
            throw Failure(
                .usage,
                "\(path): a caption is about picture \(unknown.imageID), which is not among "
                    + "\"images\"; add the picture or leave its captions out.")
        }
    }
}
