package import Foundation

/// Pictures with captions that people wrote, in the format of COCO's captions (Chen et al., 2015).
package struct CaptionAnnotations: Sendable, Hashable {
    /// A picture with its captions.
    package struct Picture: Sendable, Hashable {
        /// The data set's name for it.
        package let id: DataSetID
        /// Where it lies in the folder of pictures; not checked to lie in it.
        package let fileName: String
        /// One or more.
        package let captions: [String]
    }

    /// The pictures that have captions, in the order of the file; one or more, no two of one id or
    /// file.
    package let pictures: [Picture]
    /// How many pictures have no captions, and are left out.
    package let pictureCountWithoutCaptions: Int

    /// Reads `images` (`id`, `file_name`) and `annotations` (`image_id`, `caption`).
    ///
    /// - Parameters:
    ///   - json: the file's contents.
    ///   - name: the file's name, for errors.
    /// - Throws: ``EvaluationError`` for what is no such file, has a picture twice or no captions,
    ///   or captions of pictures that are not there.
    package init(json: Data, name: String) throws(EvaluationError) {
        let file = try AnnotationFile.decode(json, as: File.self, name: name)
        try file.check(name)
        let captions = Dictionary(grouping: file.annotations, by: \.imageID)
        pictures = file.images.compactMap { image in
            captions[image.id].map {
                Picture(id: image.id, fileName: image.fileName, captions: $0.map(\.caption))
            }
        }
        guard !pictures.isEmpty else {
            throw EvaluationError(
                .invalidAnnotations,
                "\(name): no picture has a caption; give a file with annotations")
        }
        pictureCountWithoutCaptions = file.images.count - pictures.count
    }
}

private struct File: Decodable {
    struct Image: Decodable {
        let id: DataSetID
        let fileName: String

        enum CodingKeys: String, CodingKey {
            case id
            case fileName = "file_name"
        }
    }

    struct Annotation: Decodable {
        let imageID: DataSetID
        let caption: String

        enum CodingKeys: String, CodingKey {
            case imageID = "image_id"
            case caption
        }
    }

    let images: [Image]
    let annotations: [Annotation]

    /// Refuses pictures that are there twice, and captions of pictures that are not there.
    func check(_ name: String) throws(EvaluationError) {
        var ids: Set<DataSetID> = []
        var names: Set<String> = []
        for image in images {
            guard ids.insert(image.id).inserted, names.insert(image.fileName).inserted else {
                throw EvaluationError(
                    .invalidAnnotations,
                    "\(name): picture \(image.id) (\(image.fileName)) is there twice; leave one "
                        + "of them out")
            }
        }
        if let unknown = annotations.first(where: { !ids.contains($0.imageID) }) {
            throw EvaluationError(
                .invalidAnnotations,
                "\(name): a caption is about picture \(unknown.imageID), which is not among "
                    + "\"images\"; add the picture or leave its captions out")
        }
    }
}
