import BLIP
import BlipCommandSupport
import Foundation

extension Comparison {
    var agreement: [AgreementRow] {
        let captions = pictures.reduce(TextAgreement()) { $0 + $1.captions }
        let answers = pictures.reduce(TextAgreement()) { $0 + $1.answers }
        let sides = pictures.reduce(into: TextAgreement.Share()) { sum, picture in
            sum.equal += picture.matches.sides.equal
            sum.count += picture.matches.sides.count
        }
        return [
            AgreementRow("captions", captions.texts),
            AgreementRow("caption_tokens", captions.tokens),
            AgreementRow("answers", answers.texts), AgreementRow("answer_tokens", answers.tokens),
            AgreementRow("matches", sides),
        ].filter { $0.count > 0 }
    }

    /// Sizes, and medians over the pictures of what each stage took.
    var cost: [CostRow] {
        let stage = { (name: String, milliseconds: (ModelForm.Said) -> Double) in
            CostRow(
                name, .milliseconds, Spread(pictures.map { milliseconds($0.a) }).median,
                Spread(pictures.map { milliseconds($0.b) }).median)
        }
        return [
            CostRow("size on disk", .megabytes, Double(a.bytes) / 1e6, Double(b.bytes) / 1e6),
            CostRow("peak memory", .megabytes, a.peakMemory, b.peakMemory),
            stage("preprocess") { $0.timings.preprocess.milliseconds },
            stage("vision") { $0.timings.vision.milliseconds },
            stage("caption") { $0.timings.decode.milliseconds },
            stage("a question") { said in
                let total = said.answers.reduce(Duration.zero) { $0 + $1.timings.total }
                return (total / max(1, said.answers.count)).milliseconds
            },
            stage("a match") { said in
                let total = said.matches.reduce(Duration.zero) { $0 + $1.timings.total }
                return (total / max(1, said.matches.count)).milliseconds
            },
        ].compactMap(\.self)
    }

    /// Prints all rows, as JSON or as tables.
    package func print(asJSON: Bool) throws {
        if asJSON {
            try Terminal.print(jsonLine(a.machine))
            try Terminal.print(jsonLine(b.machine))
            for row in agreement { try Terminal.print(jsonLine(row)) }
            for row in matches { try Terminal.print(jsonLine(row)) }
            for layer in layers.layers { try Terminal.print(jsonLine(LayerRow(layer))) }
            for row in cost { try Terminal.print(jsonLine(row)) }
            for picture in pictures {
                try Terminal.print(
                    jsonLine(PictureRow(picture, questions: questions, texts: texts)))
            }
            return
        }
        try Terminal.print("A  \(a.title)\nB  \(b.title)\n\(pictures.count) pictures")
        for (title, table) in [
            ("The same", agreementTable), ("Match probabilities", matchTable),
            ("Vision model, layer by layer", layerTable),
            ("Cost", costTable),
        ] where !table.rows.isEmpty {
            try Terminal.print("\n\(title)")
            for line in table.lines { try Terminal.print("  \(line)") }
        }
        let changed = worst.filter(\.isChanged)
        if !changed.isEmpty { try Terminal.print("\nNot the same, most first") }
        for picture in changed.prefix(5) {
            try Terminal.print("  \(picture.input.name)")
            for words in changes(of: picture) {
                try Terminal.print("    \(words.about)\n      A  \(words.a)\n      B  \(words.b)")
            }
        }
    }

    var agreementTable: Table {
        Table(
            headers: ["", "the same", "of", "share"],
            rows: agreement.map { row in
                [
                    row.measure.replacing("_", with: " "), "\(row.equal)", "\(row.count)",
                    percent(row.share),
                ]
            })
    }

    var matchTable: Table {
        Table(
            headers: ["", "mean A", "mean B", "mean difference", "largest", "same side of 0.5"],
            rows: matches.map { row in
                [row.text]
                    + [row.a, row.b, row.meanDifference, row.largestDifference]
                    .map(probabilityText) + ["\(row.equal) of \(row.count)"]
            })
    }

    var layerTable: Table {
        Table(
            headers: ["1 − cosine", "mean", "furthest"],
            rows: layers.layers.map { layer in
                [layer.name.replacing("_", with: " ")]
                    + [layer.cosines.mean, layer.cosines.lowest].map(distanceText)
            })
    }

    var costTable: Table {
        Table(
            headers: ["", "A", "B", "B ÷ A"],
            rows: cost.map { row in
                [row.measure]
                    + [row.a, row.b].map { "\(significant($0)) \(row.unit.rawValue)" }
                    + [String(format: "%.2f", row.ratio)]
            })
    }

    /// What the forms say otherwise: in the caption, to a question, or of whether a text fits.
    func changes(
        of picture: Compared
    ) -> [(about: String, a: String, b: String)] {
        var all: [(about: String, a: GeneratedText, b: GeneratedText)] = []
        if let a = picture.a.caption, let b = picture.b.caption { all.append(("caption", a, b)) }
        for (question, answers) in zip(questions, zip(picture.a.answers, picture.b.answers)) {
            all.append((question, answers.0, answers.1))
        }
        let words = all.filter { $0.a.tokenIDs != $0.b.tokenIDs }
            .map { ($0.about, $0.a.text, $0.b.text) }
        let matches = zip(texts, zip(picture.a.matches, picture.b.matches)).compactMap {
            text, matches -> (String, String, String)? in
            let (a, b) = (Double(matches.0.probability), Double(matches.1.probability))
            guard (a > 0.5) != (b > 0.5) else { return nil }
            return ("match: \(text)", probabilityText(a), probabilityText(b))
        }
        return words + matches
    }
}
