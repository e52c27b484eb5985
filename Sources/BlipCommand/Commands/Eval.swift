import ArgumentParser

struct Eval: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Score a model on annotated pictures.",
        discussion: """
            Runs the model over a data set and computes the usual scores: BLEU, ROUGE-L and CIDEr-D for \
            captions, VQA v2's accuracy for answers, recall at 1, 5 and 10 for retrieval. Tables show \
            scores times 100; with --json each row is an object with scores from 0 to 1 (CIDEr: to 10).

            With --results each finished picture is stored in a file, and a rerun with the same file \
            resumes.

            EXAMPLES
              blip eval captions captions_val2014.json val2014/ --beams 3
              blip eval vqa questions.json annotations.json val2014/ --results vqa.jsonl
              blip eval retrieval captions_val2014.json val2014/ --rerank 16 --limit 1000
            """,
        subcommands: [EvalCaptions.self, EvalAnswers.self, EvalRetrieval.self])
}
