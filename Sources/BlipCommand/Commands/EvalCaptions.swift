import ArgumentParser
import BlipMeasuring

struct EvalCaptions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "captions",
        abstract: "Score captions by BLEU, ROUGE-L and CIDEr-D, as the COCO challenge does.",
        discussion: """
            CIDEr takes its document frequencies from the scored pictures' captions. So a score with \
            --limit cannot be compared with that of the whole set.

            EXAMPLES
              blip eval captions captions_val2014.json val2014/ --beams 3 --results run.jsonl
              blip eval captions mine.json pictures/ --prompt "a picture of" --json
            """)

    @Argument(help: "Captions in COCO's format.", completion: .file(extensions: ["json"]))
    var annotations: String

    @Argument(help: "The folder with the pictures.", completion: .directory)
    var images: String

    @Option(help: ArgumentHelp("The beginning of the captions.", valueName: "text"))
    var prompt = ""

    @OptionGroup(title: "Evaluation") var evaluation: EvaluationArguments
    @OptionGroup(title: "Generation") var generation: GenerationArguments
    @OptionGroup(title: "Model") var model: ModelArguments
    @OptionGroup(title: "Output") var output: OutputArguments

    func run() async throws {
        try await reportingFailures {
            let captions = try CaptionEvaluation(
                annotations, images, limit: evaluation.limit, prompt: prompt,
                options: generation.options(), batch: output.batch)
            try await captions.run(
                evaluation.setup(model, output, for: .caption, generation.settings))
        }
    }
}
