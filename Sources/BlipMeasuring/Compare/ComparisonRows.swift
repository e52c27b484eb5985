import BLIP

/// The rows of `blip compare`, each a JSON line; the two forms are `a` and `b` in all of them.
struct AgreementRow: Encodable {
    let table = "agreement"
    /// `captions`, `caption_tokens`, `answers`, `answer_tokens`, `matches`.
    let measure: String
    let equal: Int
    let count: Int
    /// 0 to 1.
    let share: Double

    init(_ measure: String, _ share: TextAgreement.Share) {
        self.measure = measure
        equal = share.equal
        count = share.count
        self.share = share.value
    }
}

struct MatchRow: Encodable {
    let table = "matches"
    let text: String
    let equal: Int
    let count: Int
    /// Means of the probabilities.
    let a: Double
    let b: Double
    let meanDifference: Double
    let largestDifference: Double

    init(_ text: String, _ agreement: MatchAgreement) {
        self.text = text
        equal = agreement.sides.equal
        count = agreement.sides.count
        a = agreement.meanA
        b = agreement.meanB
        meanDifference = agreement.meanDifference
        largestDifference = agreement.largestDifference
    }
}

struct LayerRow: Encodable {
    let table = "layers"
    let name: String
    let meanCosine: Double
    let lowestCosine: Double

    init(_ layer: LayerComparison.Layer) {
        name = layer.name
        meanCosine = layer.cosines.mean
        lowestCosine = layer.cosines.lowest
    }
}

struct CostRow: Encodable {
    let table = "cost"
    let measure: String
    let unit: BenchRow.Unit
    let a: Double
    let b: Double
    /// `b` as a multiple of `a`.
    let ratio: Double

    /// `nil` where one of them is unknown.
    init?(_ measure: String, _ unit: BenchRow.Unit, _ a: Double, _ b: Double) {
        guard a > 0, b > 0 else { return nil }
        self.measure = measure
        self.unit = unit
        self.a = a
        self.b = b
        ratio = b / a
    }
}

struct PictureRow: Encodable {
    struct Answer: Encodable {
        let question: String
        let a: String
        let b: String
    }
    struct Match: Encodable {
        let text: String
        let a: Float
        let b: Float
    }

    let table = "pictures"
    let image: String
    let cosine: Double
    let captionA: String?
    let captionB: String?
    let answers: [Answer]
    let matches: [Match]

    init(_ picture: Comparison.Compared, questions: [String], texts: [String]) {
        image = picture.input.name
        cosine = picture.cosine
        captionA = picture.a.caption?.text
        captionB = picture.b.caption?.text
        answers = zip(questions, zip(picture.a.answers, picture.b.answers)).map {
            Answer(question: $0, a: $1.0.text, b: $1.1.text)
        }
        matches = zip(texts, zip(picture.a.matches, picture.b.matches)).map {
            Match(text: $0, a: $1.0.probability, b: $1.1.probability)
        }
    }
}
