import BLIP
package import BlipCommandSupport
import Foundation

/// What two forms of a model make of the same pictures.
package struct Comparison {
    /// A picture that both could read.
    struct Compared {
        let input: ImageInput
        let a: ModelForm.Said
        let b: ModelForm.Said
        /// Of the image embeddings, the mean over the picture's tokens.
        let cosine: Double
        let captions: TextAgreement
        let answers: TextAgreement
        let matches: MatchAgreement

        /// Captions and answers together.
        var words: TextAgreement { captions + answers }
        /// Whether one form says otherwise than the other.
        var isChanged: Bool {
            words.texts.equal < words.texts.count || matches.sides.equal < matches.sides.count
        }
    }

    let a: ModelForm.Outcome
    let b: ModelForm.Outcome
    let questions: [String]
    let texts: [String]
    let pictures: [Compared]
    let layers: LayerComparison
    /// Pictures that could not be read.
    package let leftOut: Int

    /// Runs one form after the other, so that memory need only hold one, and then both vision
    /// models together.
    package init(_ first: ModelForm, _ second: ModelForm, over inputs: [ImageInput]) async throws {
        try Self.check(first, second)
        let loadAverage = LoadAverage.lastMinute
        a = try await first.run(over: inputs, loadAverage: loadAverage)
        let readable = inputs.filter { [a] in a.said[$0.name] != nil }
        guard !readable.isEmpty else {
            throw Failure(
                .someFailed,
                "None of the \(inputs.count) pictures could be read, so there is nothing to "
                    + "compare.")
        }
        b = try await second.run(over: readable, loadAverage: loadAverage)
        let pairs = readable.compactMap { [a, b] input in
            a.said[input.name].flatMap { a in b.said[input.name].map { (input: input, a: a, b: $0) }
            }
        }
        var layers = try await LayerComparison(first, second, over: pairs.map(\.input))
        layers.addVectors(pairs.map { ($0.a, $0.b) })
        self.layers = layers
        questions = first.questions
        texts = first.texts
        leftOut = inputs.count - pairs.count
        pictures = pairs.map { pair in
            var captions = TextAgreement()
            if let a = pair.a.caption, let b = pair.b.caption {
                captions.add(a.tokenIDs, b.tokenIDs)
            }
            var answers = TextAgreement()
            for (a, b) in zip(pair.a.answers, pair.b.answers) {
                answers.add(a.tokenIDs, b.tokenIDs)
            }
            var matches = MatchAgreement()
            for (a, b) in zip(pair.a.matches, pair.b.matches) {
                matches.add(a.probability, b.probability)
            }
            return Compared(
                input: pair.input, a: pair.a, b: pair.b,
                cosine: layers.byPicture[pair.input.name] ?? 1, captions: captions,
                answers: answers, matches: matches)
        }
    }

    /// The pictures, those first whose words differ most, then those that other texts fit, and of
    /// the rest those whose embeddings differ most.
    var worst: [Compared] {
        pictures.sorted {
            ($0.words.tokens.value, $0.matches.sides.value, $0.cosine)
                < ($1.words.tokens.value, $1.matches.sides.value, $1.cosine)
        }
    }

    /// Over the pictures, for each text; none of models that do not match.
    var matches: [MatchRow] {
        texts.indices.compactMap { index in
            var agreement = MatchAgreement()
            for picture in pictures {
                let (a, b) = (picture.a.matches, picture.b.matches)
                guard a.indices.contains(index), b.indices.contains(index) else { continue }
                agreement.add(a[index].probability, b[index].probability)
            }
            return agreement.sides.count > 0 ? MatchRow(texts[index], agreement) : nil
        }
    }

    /// Refuses what are no two forms of one model, before anything runs.
    private static func check(_ a: ModelForm, _ b: ModelForm) throws {
        let models = try (
            BlipModel(folder: a.folder, options: a.options),
            BlipModel(folder: b.folder, options: b.options)
        )
        func refuse(_ what: String, _ first: some Any, _ second: some Any) -> Failure {
            Failure(
                .usage,
                "\(a.name) \(what) \(first), \(b.name) \(second): compare two forms of one model, "
                    + "such as a checkpoint and what blip convert made of it.")
        }
        guard models.0.tasks == models.1.tasks else {
            let names = { (tasks: Set<BlipTask>) in
                BlipTask.allCases.filter(tasks.contains).map(\.rawValue).joined(separator: ", ")
            }
            throw refuse("can", names(models.0.tasks), names(models.1.tasks))
        }
        let configurations = (models.0.configuration, models.1.configuration)
        let vision = (configurations.0.vision, configurations.1.vision)
        let shapes: [(String, KeyPath<VisionConfiguration, Int>)] = [
            ("cuts them into patches of", \.patchSize),
            ("has states of a width of", \.hiddenSize), ("has vision layers:", \.layerCount),
        ]
        for (what, value) in shapes where vision.0[keyPath: value] != vision.1[keyPath: value] {
            throw refuse(what, vision.0[keyPath: value], vision.1[keyPath: value])
        }
        let words = (
            configurations.0.text.vocabularySize, configurations.1.text.vocabularySize
        )
        guard words.0 == words.1 else { throw refuse("has tokens:", words.0, words.1) }
    }
}
