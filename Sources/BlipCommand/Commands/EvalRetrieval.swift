import ArgumentParser
import BlipMeasuring

struct EvalRetrieval: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrieval",
        abstract: "Score how well the model finds texts by pictures, and pictures by texts.",
        discussion: """
            Compares the vectors of all pictures and captions (image-text contrast). With --rerank the \
            matching head, which looks at picture and text together, orders the first K again. This \
            takes much longer.

            EXAMPLES
              blip eval retrieval captions_val2014.json val2014/ --limit 1000
              blip eval retrieval captions_val2014.json val2014/ --rerank 16 --results run.jsonl
            """)

    @Argument(help: "Captions in COCO's format.", completion: .file(extensions: ["json"]))
    var annotations: String

    @Argument(help: "The folder with the pictures.", completion: .directory)
    var images: String

    @Option(help: ArgumentHelp("Order the first K again with the matching head.", valueName: "k"))
    var rerank: Int?

    @OptionGroup(title: "Evaluation") var evaluation: EvaluationArguments
    @OptionGroup(title: "Model") var model: ModelArguments
    @OptionGroup(title: "Output") var output: OutputArguments

    func validate() throws {
        if let rerank, rerank < 1 {
            throw ValidationError("--rerank wants a number from 1, not \(rerank).")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let retrieval = try RetrievalEvaluation(
                annotations, images, limit: evaluation.limit, rerank: rerank, batch: output.batch)
            try await retrieval.run(evaluation.setup(model, output, for: .match))
        }
    }
}
