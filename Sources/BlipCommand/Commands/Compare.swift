import ArgumentParser
import BLIP
import BlipCommandSupport
import BlipMeasuring
import Foundation

struct Compare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare two forms of a model on the same pictures.",
        discussion: """
            Two forms are, for example, a checkpoint and its conversion by blip convert. Shows how many \
            captions, answers and matches stay the same, how similar the layers of the vision model \
            are, and what each form costs: size, memory and the time of each stage. The page of \
            --report shows the pictures that differ most.

            With --json each row is an object; its table is machine (one for each form), agreement, \
            matches, layers, cost or pictures. docs/cli.md lists the fields.

            EXAMPLES
              blip convert blip-vqa-base --out blip-vqa-int8 --weights int8
              blip compare blip-vqa-base blip-vqa-int8 photos/ --report changes.html
              blip compare demo demo-int8 Samples --questions "is there a dog?" "how many are there?"
              blip compare blip-vqa-base blip-vqa-base photos/ --precision f32 --precision-b bf16
              blip compare blip-vqa-base blip-vqa-base photos/ --image-size-b 256 --weights-b int8
              blip compare one two photos/ --precision f32 --limit 200 --json > rows.jsonl
            """)

    @Argument(
        help: "A checkpoint folder, a converted one, a .pth file, a pulled name, or demo-int8.",
        completion: .directory)
    var modelA: String

    @Argument(help: "Another form of the same model.", completion: .directory)
    var modelB: String

    @Argument(help: "The folder with the pictures.", completion: .directory)
    var folder: String

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Questions about every picture, for models that answer; without it, eight common ones.",
            valueName: "text"))
    var questions: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Texts to match with every picture, for models that match; without it, eight common ones.",
            valueName: "text"))
    var texts: [String] = []

    @Option(
        help: ArgumentHelp(
            "B's precision, if not A's; MODEL_A and MODEL_B may then be the same model.",
            valueName: "type"))
    var precisionB: RuntimeOptions.Precision?

    @Option(help: ArgumentHelp("B's device, if not A's.", valueName: "name"))
    var deviceB: String?

    @Option(
        help: ArgumentHelp("What B's weights are rounded to, if not as A's.", valueName: "type"))
    var weightsB: WeightFormat?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The size of the pictures that B looks at, if not A's.", valueName: "n"))
    var imageSizeB: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Compare only the first n pictures.", valueName: "n"))
    var limit: Int?

    @Option(
        help: ArgumentHelp(
            "Write the tables, a plot and the pictures that differ most as a page.",
            valueName: "file.html"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @OptionGroup(title: "Generation") var generation: GenerationArguments
    @OptionGroup(title: "Model") var runtime: RuntimeArguments
    @OptionGroup(title: "Output") var output: OutputArguments

    func validate() throws {
        if let limit, limit < 1 {
            throw ValidationError("--limit wants a number from 1, not \(limit).")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let inputs = try PictureFolder(folder).inputs
            let forms = try await (form(modelA, runtime.options), form(modelB, optionsB))
            if let report {
                let models = [forms.0.folder, forms.1.folder].flatMap {
                    ModelFiles(at: $0, modelCache: ModelLocation.cache).files
                }
                var outputs = OutputFiles(reading: models + inputs.compactMap(\.file))
                try HTMLPage.check(report, option: "--report", &outputs)
            }
            let comparison = try await Comparison(
                forms.0, forms.1,
                over: Array(inputs.prefix(limit ?? inputs.count)))
            try comparison.print(asJSON: output.json)
            if let report { try comparison.page.write(to: report) }
            if comparison.leftOut > 0 { throw Failure.someFailedQuietly }
        }
    }

    private var optionsB: RuntimeOptions {
        var options = runtime.options
        options.precision = precisionB ?? options.precision
        options.device = deviceB ?? options.device
        options.weights = weightsB ?? options.weights
        options.imageSize = imageSizeB ?? options.imageSize
        return options
    }

    private func form(
        _ model: String, _ options: RuntimeOptions
    ) async throws -> ModelForm {
        let asked = questions.isEmpty ? BenchPlan.questions : questions
        let matched = texts.isEmpty ? Self.commonTexts : texts
        return ModelForm(
            name: model, folder: try await ModelLocation.find(model), options: options,
            questions: asked, texts: matched, generation: generation.options(), run: output.run,
            batch: output.batch)
    }

    private static let commonTexts = [
        "a person", "an animal", "food on a table", "a car on a street", "a room with furniture",
        "trees and grass", "the sea or a lake", "a building",
    ]
}
