import BLIP

/// How texts are to be generated, as the service's own protocol names it: as the command line does,
/// with underscores.
struct GenerationParameters: Decodable, Sendable {
    var maxLength: Int?
    var minLength: Int?
    var beams: Int?
    var lengthPenalty: Float?
    var temperature: Float?
    var topK: Int?
    var topP: Float?
    var seed: UInt64?
    var repetitionPenalty: Float?
    var noRepeatNGramSize: Int?
    /// Texts wanted.
    var count: Int?

    enum CodingKeys: String, CodingKey, CaseIterable {
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

    init() {}

    init(query: QueryValues) throws(ServiceError) {
        maxLength = try query.number("max_length")
        minLength = try query.number("min_length")
        beams = try query.number("beams")
        lengthPenalty = try query.number("length_penalty")
        temperature = try query.number("temperature")
        topK = try query.number("top_k")
        topP = try query.number("top_p")
        seed = try query.number("seed")
        repetitionPenalty = try query.number("repetition_penalty")
        noRepeatNGramSize = try query.number("no_repeat_ngram_size")
        count = try query.number("count")
    }

    /// The library's options, within the service's limits; the model checks the rest.
    func options() throws(ServiceError) -> GenerationOptions {
        var options = GenerationOptions()
        options.maximumLength = maxLength ?? options.maximumLength
        options.minimumLength = minLength ?? options.minimumLength
        options.beamCount = beams ?? options.beamCount
        options.lengthPenalty = lengthPenalty ?? options.lengthPenalty
        options.repetitionPenalty = repetitionPenalty ?? options.repetitionPenalty
        options.noRepeatNGramSize = noRepeatNGramSize ?? options.noRepeatNGramSize
        options.sequenceCount = count ?? options.sequenceCount
        options.sampling = .init(
            settingTemperature: temperature, topK: topK, topP: topP, seed: seed)
        try options.checkCounts()
        return options
    }
}

extension GenerationOptions {
    /// Rows of a batch that one text's searches may take.
    var rowCount: Int { beamCount * sequenceCount }

    func checkCounts() throws(ServiceError) {
        for (name, count) in [("beams", beamCount), ("texts", sequenceCount)] {
            guard (1...Limits.sequences).contains(count) else {
                throw .invalid(
                    "\(count) \(name) are not possible; ask for 1 to \(Limits.sequences)")
            }
        }
    }
}

/// Refuses too many texts, too long ones and empty ones.
func check(texts: [String], _ what: String) throws(ServiceError) {
    guard texts.count <= Limits.texts else {
        throw .invalid(
            "\(texts.count) of \(what) are too many for one request; send at most \(Limits.texts)")
    }
    guard texts.allSatisfy({ $0.utf8.count <= Limits.textBytes }) else {
        throw ServiceError(
            .badRequest, "text_too_long",
            "A text of \(what) is too long; send at most \(Limits.textBytes) bytes")
    }
    guard texts.allSatisfy({ !$0.isBlank }) else {
        throw .invalid("A text of \(what) is empty; send words, or leave it out")
    }
}

extension String {
    /// Whether there is nothing in it to read.
    var isBlank: Bool {
        unicodeScalars.allSatisfy { scalar in
            scalar.properties.isWhitespace
                || [.control, .format].contains(scalar.properties.generalCategory)
        }
    }
}
