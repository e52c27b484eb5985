import ArgumentParser
import Foundation
import Pictures

/// Drawing a picture with its words.
struct FigureArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write the picture with its words drawn beneath it: a .jpg, .png or .webp file.",
            discussion: "For several pictures, an existing folder.", valueName: "file"),
        completion: .file())
    var annotate: String?

    func check(pictureCount: Int) throws {
        guard let annotate, pictureCount > 1, !Self.isFolder(annotate) else { return }
        throw Failure(
            .usage,
            "--annotate \(annotate): there are \(pictureCount) pictures, so give an existing folder."
        )
    }

    /// Writes the figure, where one was asked for.
    func draw(
        _ picture: Picture, _ input: ImageInput, caption: String?,
        answers: [(question: String, answer: String)]
    ) throws {
        guard let annotate else { return }
        var file = URL(filePath: annotate)
        if Self.isFolder(annotate) {
            let name = input.name == "-" ? "standard-input" : input.name
            let flat = URL(filePath: name).deletingPathExtension().relativePath
                .split(separator: "/").filter { $0 != "." && $0 != ".." }.joined(separator: "-")
            file = file.appending(path: "\(flat).jpg")
        }
        let annotation = Annotation(
            title: caption ?? "",
            lines: answers.map { .init(question: $0.question, answer: $0.answer) })
        try picture.annotated(with: annotation).write(to: file)
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }
}
