import ArgumentParser
import BLIP

/// How texts are generated.
struct GenerationArguments: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The most tokens of a text, with the begin token and the prompt. If not given, 20 new tokens, "
                + "or max_new_tokens of the model's text_config.",
            valueName: "n"))
    var maxLength: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The fewest tokens of a text, with the begin token and the prompt.",
            valueName: "n"))
    var minLength: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Beam search with n beams.", valueName: "n"))
    var beams: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "With beams: above 0 favours longer texts, below 0 shorter ones; 1 if not given.",
            valueName: "x"))
    var lengthPenalty: Float?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Sample tokens instead of taking the likeliest; the higher, the more evenly.",
            valueName: "x"))
    var temperature: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Sample among the n likeliest tokens.", valueName: "n"))
    var topK: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Sample among the likeliest tokens that together have this probability.",
            valueName: "x"))
    var topP: Float?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Sample the same texts for the same seed.", valueName: "n"))
    var seed: UInt64?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Above 1 makes repeated tokens less likely; 1 if not given.",
            valueName: "x"))
    var repetitionPenalty: Float?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Never repeat a run of n tokens; 0, no limit, if not given.", valueName: "n"))
    var noRepeatNgramSize: Int?

    /// - Parameter defaults: what holds where nothing was given; `nil` for the library's own.
    func options(or defaults: GenerationOptions? = nil) -> GenerationOptions {
        parameters.options(or: defaults ?? .init())
    }

    private var parameters: GenerationParameters {
        var parameters = GenerationParameters()
        parameters.maxLength = maxLength
        parameters.minLength = minLength
        parameters.beams = beams
        parameters.lengthPenalty = lengthPenalty
        // One that is above 0 stays so.
        parameters.temperature = temperature.map {
            $0 > 0 ? max(Float($0), .leastNonzeroMagnitude) : Float($0)
        }
        parameters.topK = topK
        parameters.topP = topP
        parameters.seed = seed
        parameters.repetitionPenalty = repetitionPenalty
        parameters.noRepeatNGramSize = noRepeatNgramSize
        return parameters
    }

    /// What was given, by the options' names: texts generated with the same are the same, but for drawn ones
    /// without a seed.
    var settings: [String: String] {
        let given: [String: (any Sendable)?] = [
            "max-length": maxLength, "min-length": minLength, "beams": beams,
            "length-penalty": lengthPenalty, "temperature": temperature, "top-k": topK,
            "top-p": topP, "seed": seed, "repetition-penalty": repetitionPenalty,
            "no-repeat-ngram-size": noRepeatNgramSize,
        ]
        return given.compactMapValues { $0.map { "\($0)" } }
    }

    /// Each beam is a row of the decoder's batch, so fewer pictures run together.
    func pictures(perBatch rows: Int, or defaults: GenerationOptions? = nil) -> Int {
        max(1, rows / max(1, options(or: defaults).beamCount))
    }
}
