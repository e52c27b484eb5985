import BLIP
import BlipDemoModel
import BlipPictures
import Foundation

/// Answers questions about pictures, and keeps the pictures that were asked about last.
///
/// An encoded picture makes the next question about it many times cheaper, and holds memory: the cache
/// counts bytes, not pictures.
actor PictureService {
    private let model: BlipModel
    private let capacity: Int
    private var images: [(file: URL, image: EncodedImage)] = []

    init(model: BlipModel, capacity: Int = 256 << 20) {
        self.model = model
        self.capacity = capacity
    }

    func answer(_ question: String, about file: URL) async throws -> GeneratedText {
        let image = try await image(in: file)
        let answer = try await model.answer(question, about: image)
        trim()
        return answer
    }

    private func image(in file: URL) async throws -> EncodedImage {
        if let place = images.firstIndex(where: { $0.file == file }) {
            let kept = images.remove(at: place)
            images.append(kept)
            return kept.image
        }
        let image = try await model.encode(contentsOf: file)
        images.append((file, image))
        return image
    }

    /// Lets the pictures go that were asked about longest ago.
    private func trim() {
        while images.count > 1, images.reduce(0, { $0 + $1.image.byteCount }) > capacity {
            images.removeFirst()
        }
    }
}

/// Asks several questions from several tasks.
///
///     swift run PictureService ../Samples/four-dogs.png "how many dogs are there?" "what color is the background?"
@main
struct Program {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let path = arguments.first, arguments.count > 1 else {
            print("usage: PictureService PICTURE QUESTION...")
            return
        }
        let service = PictureService(model: try BlipModel(folder: DemoModel.folder))
        let file = URL(filePath: path)
        try await withThrowingTaskGroup { group in
            for question in arguments.dropFirst() {
                group.addTask {
                    "\(question) \(try await service.answer(question, about: file).text)"
                }
            }
            for try await line in group { print(line) }
        }
    }
}
