import ArgumentParser
import BLIP
import BlipCommandSupport
import BlipPictures
import Foundation

/// Drawing a picture with its words.
struct FigureArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write the picture with its texts beneath or beside it: a .jpg, .png or .webp file.",
            discussion: "For several pictures, an existing folder.", valueName: "file"),
        completion: .file())
    var annotate: String?

    /// Refuses, before anything runs, what cannot be written or would overwrite a picture, a list of
    /// pictures or a figure of the same call.
    ///
    /// - Parameter arguments: what the inputs were named by.
    func check(_ inputs: [ImageInput], namedBy arguments: [String]) throws {
        guard let annotate else { return }
        try OutputFiles.checkName(annotate, option: "--annotate")
        guard inputs.count == 1 || FileManager.default.isFolder(annotate) else {
            throw Failure(
                .usage,
                "--annotate \(annotate): there are \(inputs.count) pictures, so give an existing "
                    + "folder.")
        }
        let lists = arguments.filter { $0.hasPrefix("@") }.map {
            URL(filePath: String($0.dropFirst()))
        }
        // Standard input may be a file, too.
        let files = inputs.map { $0.file ?? URL(filePath: "/dev/stdin") }
        var outputs = OutputFiles(reading: files + lists)
        for input in inputs {
            let target = target(for: input, in: annotate)
            try Picture.checkWritable(to: target)
            try outputs.add(target, option: "--annotate")
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
        let missing = String(annotation.charactersWithoutFont)
        if !missing.isEmpty {
            Terminal.note(
                "\(input.name): no font here has \"\(missing)\", so the figure shows boxes; install one for "
                    + "that script, such as Noto's.")
        }
        try picture.annotated(with: annotation).write(to: target(for: input, in: annotate))
    }

    /// Where a picture's figure is written: where a link leads, so that it stays one.
    private func target(for input: ImageInput, in place: String) -> URL {
        guard FileManager.default.isFolder(place) else {
            return URL(filePath: place).followingLinks
        }
        let name = input.name == "-" ? "standard-input" : input.name
        return URL(filePath: place).appending(path: FigureName.name(for: name)).followingLinks
    }
}
