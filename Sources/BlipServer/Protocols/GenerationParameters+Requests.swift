import BLIP

extension GenerationParameters {
    init(query: FormFields) throws(ServiceError) {
        self.init()
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

    /// What a chat asks for. Tokens are drawn where a temperature above 0, top-k or top-p asks for it, or
    /// where several texts are wanted; else the likeliest are taken, so that an answer is the same each
    /// time.
    ///
    /// - Parameters:
    ///   - newTokens: the most tokens to generate.
    ///   - positions: the most tokens that the model can write, the begin token included.
    init(
        chatTemperature: Float?, topK: Int? = nil, topP: Float?, seed: Int? = nil,
        count: Int? = nil, newTokens: Int?, positions: Int
    ) throws(ServiceError) {
        self.init()
        self.count = count
        if let newTokens {
            guard newTokens > 0 else { throw .invalid("At least 1 token must be asked for") }
            // The begin token counts too.
            maxLength = min(newTokens, positions - 1) + 1
        }
        let chooses = topK != nil || topP != nil || (count ?? 1) > 1
        if chatTemperature.map({ $0 > 0 }) ?? chooses {
            temperature = chatTemperature ?? 1
            self.topK = topK ?? 0
            self.topP = topP ?? 1
            self.seed = seed.map { UInt64(bitPattern: Int64($0)) }
        } else if let chatTemperature, chatTemperature < 0 {
            throw .invalid("A temperature must not be below 0")
        }
    }

    /// The library's options, within the service's limits; the model checks the rest.
    func options() throws(ServiceError) -> GenerationOptions {
        let options = options(or: GenerationOptions())
        for (name, count) in [("beams", options.beamCount), ("texts", options.sequenceCount)] {
            guard (1...Limits.sequences).contains(count) else {
                throw .invalid(
                    "\(count) \(name) are not possible; ask for 1 to \(Limits.sequences)")
            }
        }
        return options
    }
}

extension GenerationOptions {
    /// Rows of a batch that one text's searches may take.
    var rowCount: Int { beamCount * sequenceCount }
}
