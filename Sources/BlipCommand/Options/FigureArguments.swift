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

    /// Refuses, before anything runs, what cannot be written or would overwrite a picture or a figure
    /// of the same call.
    func check(_ inputs: [ImageInput]) throws {
        guard let annotate else { return }
        guard inputs.count == 1 || FileManager.default.isFolder(annotate) else {
            throw Failure(
                .usage,
                "--annotate \(annotate): there are \(inputs.count) pictures, so give an existing "
                    + "folder.")
        }
        if let input = inputs.first {
            try Picture.checkWritable(to: target(for: input, in: annotate))
        }
        var taken = Set(inputs.compactMap { $0.file?.resolvingSymlinksInPath().path })
        for input in inputs {
            let target = target(for: input, in: annotate).resolvingSymlinksInPath().path
            guard taken.insert(target).inserted else {
                throw Failure(
                    .usage,
                    "--annotate \(annotate): \(target) would overwrite one of the pictures or "
                        + "another figure; choose another place.")
            }
        }
    }

    /// Writes the figure, where one was asked for.
    func draw(
        _ picture: Picture?, _ input: ImageInput, caption: String?,
        answers: [(question: String, answer: String)]
    ) throws {
        guard let annotate, let picture else { return }
        let annotation = Annotation(
            title: caption ?? "",
            lines: answers.map { .init(question: $0.question, answer: $0.answer) })
        try picture.annotated(with: annotation).write(to: target(for: input, in: annotate))
    }

    private func target(for input: ImageInput, in place: String) -> URL {
        guard FileManager.default.isFolder(place) else { return URL(filePath: place) }
        let name = input.name == "-" ? "standard-input" : input.name
        return URL(filePath: place).appending(path: FigureName.name(for: name))
    }
}
