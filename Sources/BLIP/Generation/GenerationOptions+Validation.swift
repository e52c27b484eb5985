extension GenerationOptions {
    /// The same with a maximum length in any case.
    ///
    /// Reference: transformers 5.23's `GenerationMixin._prepare_generated_length`.
    ///
    /// - Parameter promptLength: tokens given, the begin token included.
    func limited(promptLength: Int, by text: TextConfiguration) -> GenerationOptions {
        var options = self
        options.maximumLength =
            maximumLength ?? min(promptLength + text.newTokens, text.maximumPositions)
        return options
    }

    /// The most tokens of a text, where none are asked for of one that begins with the begin token alone.
    var lengthLimit: Int { maximumLength ?? 1 + TextConfiguration().newTokens }

    /// Checks the options against what is to be continued.
    ///
    /// - Parameters:
    ///   - promptLength: tokens given, the begin token included.
    ///   - maximumPositions: the most tokens that the model can read.
    func validate(promptLength: Int, maximumPositions: Int) throws(BlipError) {
        let maximumLength = lengthLimit
        try require(
            (2...maximumPositions).contains(maximumLength),
            "A maximum length of \(maximumLength) tokens is not possible: this model can write 2 "
                + "to \(maximumPositions)")
        try require(
            (0...maximumLength).contains(minimumLength),
            "A minimum length of \(minimumLength) tokens does not go with a maximum of "
                + "\(maximumLength)")
        try require(
            (1...1_000).contains(beamCount), "\(beamCount) beams are not possible; use 1 to 1,000")
        try require(
            (1...1_000).contains(sequenceCount),
            "\(sequenceCount) texts are not possible; use 1 to 1,000")
        try require(
            sampling != nil || sequenceCount <= beamCount,
            "\(sequenceCount) texts need as many beams, or sampling")
        try require(
            sampling == nil || beamCount == 1, "Sampling and beams do not go together; use one")
        try require(lengthPenalty.isFinite, "A length penalty must be a number")
        try require(
            repetitionPenalty.isFinite && repetitionPenalty > 0,
            "A repetition penalty must be above 0; 1 changes nothing")
        try require(noRepeatNGramSize >= 0, "The size of n-grams must not be below 0")
        if let sampling { try validate(sampling) }
        guard promptLength < maximumLength else {
            throw BlipError(
                .textTooLong,
                "The prompt takes \(promptLength) of \(maximumLength) tokens, which leaves none to "
                    + "write; shorten it or raise the maximum length")
        }
    }

    private func validate(_ sampling: Sampling) throws(BlipError) {
        try require(
            sampling.temperature.isFinite && sampling.temperature > 0,
            "A temperature must be a number above 0; to take the likeliest token, do not sample")
        try require(sampling.topK >= 0, "Top-k must be 0, for all, or more")
        try require(sampling.topP > 0 && sampling.topP <= 1, "Top-p must be above 0 and at most 1")
    }

    private func require(
        _ condition: Bool, _ message: @autoclosure () -> String
    ) throws(BlipError) {
        if !condition { throw BlipError(.invalidOption, message()) }
    }
}
