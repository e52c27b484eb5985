extension [Question] {
    /// Places of questions whose answers are generated in one way, the first one's first.
    func batches(
        by options: GenerationOptions
    ) -> [(options: GenerationOptions, places: [Int])] {
        let groups = Dictionary(grouping: indices) { self[$0].options ?? options }
        return groups.map { ($0.key, $0.value) }.sorted { $0.places[0] < $1.places[0] }
    }
}

extension BlipModel {
    /// Answers questions that want different options, a batch for each.
    func answers(
        toEach batches: [(options: GenerationOptions, places: [Int])], of questions: [Question],
        _ compatibility: Compatibility, _ progress: (@Sendable (PartialText) -> Void)?,
        _ isWanted: (@Sendable (Int) -> Bool)?
    ) throws -> [[GeneratedText]] {
        var found = [[GeneratedText]](repeating: [], count: questions.count)
        for (options, places) in batches {
            let batch = places.map {
                Question(questions[$0].text, about: questions[$0].image, options: options)
            }
            var told: (@Sendable (PartialText) -> Void)?
            if let progress {
                told = { progress($0.moved(to: places[$0.input])) }
            }
            var wanted: (@Sendable (Int) -> Bool)?
            if let isWanted {
                wanted = { isWanted(places[$0]) }
            }
            let texts = try answers(
                to: batch, options: options, compatibility: compatibility, progress: told,
                isWanted: wanted)
            for (place, texts) in zip(places, texts) { found[place] = texts }
        }
        return found
    }
}

extension PartialText {
    /// The same of another place among the inputs.
    func moved(to input: Int) -> PartialText {
        PartialText(input: input, index: index, text: text, tokenIDs: tokenIDs)
    }
}
