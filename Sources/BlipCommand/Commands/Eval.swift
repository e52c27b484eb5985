import ArgumentParser

struct Eval: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Score a model on annotated pictures.",
        discussion: """
            Runs the model over a data set and scores what it says as papers do: captions by BLEU, \
            ROUGE-L and CIDEr-D, answers by VQA v2's accuracy, retrieval by its recall at 1, 5 and \
            10. Tables show scores times 100; with --json each row is an object with scores from 0 \
            to 1 (CIDEr: to 10).

            With --results each picture is kept in a file once it is finished, and a rerun with \
            the same file goes on from there.

            EXAMPLES
              blip eval captions captions_val2014.json val2014/ --beams 3
              blip eval vqa questions.json annotations.json val2014/ --results vqa.jsonl
              blip eval retrieval captions_val2014.json val2014/ --rerank 16 --limit 1000
            """,
        subcommands: [EvalCaptions.self, EvalAnswers.self, EvalRetrieval.self])
}
