/// How a text is generated.
///
/// Names and meaning are those of transformers' `generate`.
public struct GenerationOptions: Sendable, Hashable {
    /// The most tokens a text may have, the begin token and the prompt included.
    public var maximumLength: Int
    /// The fewest tokens a text must have before it may end, the begin token and the prompt
    /// included.
    public var minimumLength: Int

    public init(maximumLength: Int = 20, minimumLength: Int = 0) {
        self.maximumLength = maximumLength
        self.minimumLength = minimumLength
    }

    /// Checks the options against what is to be continued.
    ///
    /// - Parameters:
    ///   - promptLength: tokens given, the begin token included.
    ///   - maximumPositions: the most tokens that the model can read.
    func validate(promptLength: Int, maximumPositions: Int) throws(BlipError) {
        guard (2...maximumPositions).contains(maximumLength) else {
            throw BlipError(
                .invalidOption,
                "A maximum length of \(maximumLength) tokens is not possible: this model can "
                    + "write 2 to \(maximumPositions)")
        }
        guard (0...maximumLength).contains(minimumLength) else {
            throw BlipError(
                .invalidOption,
                "A minimum length of \(minimumLength) tokens does not go with a maximum of "
                    + "\(maximumLength)")
        }
        guard promptLength < maximumLength else {
            throw BlipError(
                .textTooLong,
                "The prompt takes \(promptLength) of \(maximumLength) tokens, which leaves none to "
                    + "write; shorten it or raise the maximum length")
        }
    }
}
