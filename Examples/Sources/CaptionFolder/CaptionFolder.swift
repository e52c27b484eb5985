import BLIP
import BlipDemoModel
import Foundation
import BlipPictures

/// Captions every picture of a folder and answers one question about each.
///
///     swift run CaptionFolder ../Samples "what color is the background?"
@main
struct CaptionFolder {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let path = arguments.first, let question = arguments.dropFirst().first else {
            print("usage: CaptionFolder FOLDER QUESTION")
            return
        }
        // The demo model only knows drawn scenes; give a checkpoint's folder for photographs.
        let model = try BlipModel(folder: DemoModel.folder)
        let folder = URL(filePath: path, directoryHint: .isDirectory)
        let files = try FileManager.default
            .contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { ["jpg", "jpeg", "png", "webp"].contains($0.pathExtension.lowercased()) }
        for file in files.sorted(by: { $0.path < $1.path }) {
            // Encoded once; the caption and the answer share what the model saw.
            let image = try await model.encode(Picture(contentsOf: file))
            let caption = try await model.caption(image)
            let answer = try await model.answer(question, about: image)
            print("\(file.lastPathComponent): \(caption.text). \(question) \(answer.text)")
        }
    }
}
