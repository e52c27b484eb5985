import ArgumentParser
import BLIP
import BlipMeasuring

struct EvalAnswers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vqa",
        abstract: "Score answers by the accuracy of VQA v2.",
        discussion: """
            The number at the end of a file's name says which picture it is: \
            COCO_val2014_000000000042.jpg is picture 42.

            EXAMPLES
              blip eval vqa questions.json annotations.json val2014/ --results vqa.jsonl
              blip eval vqa questions.json annotations.json val2014/ --compat salesforce --limit 500
            """)

    @Argument(help: "Questions in VQA v2's format.", completion: .file(extensions: ["json"]))
    var questions: String

    @Argument(help: "Their answers in VQA v2's format.", completion: .file(extensions: ["json"]))
    var annotations: String

    @Argument(help: "The folder with the pictures.", completion: .directory)
    var images: String

    @Option(
        help: ArgumentHelp(
            "Treat questions as transformers does, or as Salesforce's code does (salesforce).",
            valueName: "whose"))
    var compat = Compatibility.transformers

    @OptionGroup(title: "Evaluation") var evaluation: EvaluationArguments
    @OptionGroup(title: "Generation") var generation: GenerationArguments
    @OptionGroup(title: "Model") var model: ModelArguments
    @OptionGroup(title: "Output") var output: OutputArguments

    func run() async throws {
        try await reportingFailures {
            let answers = try AnswerEvaluation(
                questions: questions, annotations, images, limit: evaluation.limit, compat: compat,
                options: generation.options(or: compat.generation), batch: output.batch)
            try await answers.run(
                evaluation.setup(model, output, for: .answer, generation.settings))
        }
    }
}
