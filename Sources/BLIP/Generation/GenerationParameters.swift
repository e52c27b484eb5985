/// What a user set of how texts are generated, by the names of the command line and of `blip serve`; what is
/// `nil` was not set.
package struct GenerationParameters: Decodable, Sendable {
    package var maxLength: Int?
    package var minLength: Int?
    package var beams: Int?
    package var lengthPenalty: Float?
    package var temperature: Float?
    package var topK: Int?
    package var topP: Float?
    package var seed: UInt64?
    package var repetitionPenalty: Float?
    package var noRepeatNGramSize: Int?
    /// Texts wanted.
    package var count: Int?

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case maxLength = "max_length"
        case minLength = "min_length"
        case beams
        case lengthPenalty = "length_penalty"
        case temperature
        case topK = "top_k"
        case topP = "top_p"
        case seed
        case repetitionPenalty = "repetition_penalty"
        case noRepeatNGramSize = "no_repeat_ngram_size"
        case count
    }

    package init() {}

    /// - Parameter defaults: what holds where nothing was set.
    package func options(or defaults: GenerationOptions) -> GenerationOptions {
        var options = defaults
        options.maximumLength = maxLength ?? options.maximumLength
        options.minimumLength = minLength ?? options.minimumLength
        options.beamCount = beams ?? options.beamCount
        options.lengthPenalty = lengthPenalty ?? options.lengthPenalty
        options.repetitionPenalty = repetitionPenalty ?? options.repetitionPenalty
        options.noRepeatNGramSize = noRepeatNGramSize ?? options.noRepeatNGramSize
        options.sequenceCount = count ?? options.sequenceCount
        options.sampling =
            .init(settingTemperature: temperature, topK: topK, topP: topP, seed: seed)
            ?? options.sampling
        return options
    }
}
