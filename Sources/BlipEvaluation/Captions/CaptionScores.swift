/// The scores of many captions, as the COCO caption challenge reports them (Chen et al., 2015,
/// "Microsoft COCO Captions: Data Collection and Evaluation Server").
///
/// Reference: pycocoevalcap's `COCOEvalCap.evaluate`, tokenizer included. METEOR and SPICE are left
/// out: they are defined by Java programs and by WordNet's data, which are no part of this package.
package struct CaptionScores: Sendable, Hashable {
    /// BLEU-1 to BLEU-4 of the corpus, 0 to 1.
    package let bleu: [Double]
    /// The mean ROUGE-L, 0 to 1.
    package let rougeL: Double
    /// The mean CIDEr-D, 0 to 10; papers print it times 100.
    package let cider: Double

    /// Tokenizes and scores captions.
    ///
    /// - Parameter cases: all pictures of the set: CIDEr-D takes its document frequencies from
    ///   their references, so a part of a set is scored otherwise than the whole.
    /// - Throws: ``EvaluationError`` where there are no cases, or one has no references.
    package init(of cases: [CaptionCase]) throws(EvaluationError) {
        try self.init(ofTokenized: cases.map { TokenizedCase($0) })
    }

    /// Scores captions that are tokens already.
    ///
    /// - Throws: ``EvaluationError`` where there are no cases, or one has no references.
    package init(ofTokenized cases: [TokenizedCase]) throws(EvaluationError) {
        guard !cases.isEmpty else {
            throw EvaluationError(
                .nothingToScore, "There are no captions to score; give one or more")
        }
        for (index, item) in cases.enumerated() where item.references.isEmpty {
            throw EvaluationError(
                .missingReference,
                "Caption \(index + 1) has no references; leave its picture out, or give one or more"
            )
        }
        bleu = BLEU.scores(of: cases)
        rougeL = ROUGE.scores(of: cases).reduce(0, +) / Double(cases.count)
        cider = CIDEr.scores(of: cases).reduce(0, +) / Double(cases.count)
    }
}
