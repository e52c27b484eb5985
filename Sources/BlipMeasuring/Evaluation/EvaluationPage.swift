import BlipCommandSupport
import Foundation

/// A picture of an evaluation, and how it fared.
struct ScoredPicture {
    let input: ImageInput
    /// What pictures are ordered by, from 0; more is better.
    let score: Double
    /// The same for people.
    let scoreText: String
    /// What the model said, and what people did.
    let lines: [PictureCard.Line]
}

/// The page of a `blip eval`: its scores, and the pictures at both ends.
struct EvaluationPage {
    /// `captions`, `vqa` or `retrieval`.
    let task: String
    let facts: [(name: String, value: String)]
    let scores: ScoreTable
    /// What a picture's score is: "CIDEr".
    let pictureScore: String
    let pictures: [ScoredPicture]

    /// Cards at each end.
    private static let count = 12

    var page: HTMLPage {
        var page = HTMLPage(
            title: "blip eval \(task)",
            lead: "\(facts.first?.value ?? "") on \(pictures.count) pictures")
        page.add(highlights: scores.highlights)
        page.add(facts: facts)
        page.add(section: "Scores", text: "", table: scores.text)
        let sorted = pictures.sorted { $0.score < $1.score }
        if sorted.count <= 2 * Self.count {
            page.add(
                section: "Pictures", text: "From the lowest score to the highest.",
                cards: sorted.map(card))
            return page
        }
        page.add(
            section: "All pictures", text: "From the lowest score to the highest.",
            plots: [distribution(sorted.map(\.score))])
        page.add(
            section: "Lowest scores", text: "Where the model is furthest from what people said.",
            cards: sorted.prefix(Self.count).map(card))
        page.add(
            section: "Highest scores", text: "Where it is closest.",
            cards: sorted.suffix(Self.count).reversed().map(card))
        return page
    }

    /// Some forty of the scores, which are in order, so that points do not cover each other.
    private func distribution(_ scores: [Double]) -> LinePlot {
        let step = max(1, scores.count / 40)
        let points = scores.indices.filter { $0.isMultiple(of: step) || $0 == scores.count - 1 }
            .map { LinePlot.Point(x: Double($0 + 1), y: scores[$0]) }
        return LinePlot(
            title: "Scores in order", xLabel: "pictures, lowest first", yLabel: pictureScore,
            lines: [.init(name: pictureScore, points: points)])
    }

    private func card(_ picture: ScoredPicture) -> PictureCard {
        PictureCard(picture.input, score: picture.scoreText, lines: picture.lines)
    }
}
