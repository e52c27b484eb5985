import Foundation

extension Comparison {
    /// The tables, the plot and the pictures that differ most as a page.
    package var page: HTMLPage {
        var page = HTMLPage(
            title: "blip compare",
            lead: "A: \(a.title), B: \(b.title), on \(pictures.count) pictures")
        page.add(highlights: highlights)
        page.add(
            facts: [(name: "A", value: a.title), (name: "B", value: b.title)]
                + a.machine.facts.filter { !["Model", "Device", "Precision"].contains($0.name) })
        if !agreement.isEmpty {
            page.add(
                section: "The same",
                text: "Texts whose tokens are all the same; tokens that both have in the same "
                    + "order, out of the longer text's; and texts that both forms match with a "
                    + "picture, or both do not.", table: agreementTable)
        }
        if !matches.isEmpty {
            page.add(
                section: "Match probabilities",
                text: "That a text fits: over all pictures the mean of both forms, and how far "
                    + "they are apart.", table: matchTable)
        }
        page.add(
            section: "Cost",
            text:
                "Milliseconds are medians over the pictures, of batches an equal share. Memory is "
                + "what was resident at most while the pictures ran.", table: costTable)
        page.add(
            section: "Vision model, layer by layer",
            text: "How far the cosine between both forms' vectors of a token is from 1: the mean "
                + "over all tokens of all pictures, and the furthest. Where the two look at pictures of "
                + "different sizes, the class token's alone.", plots: [layers.plot],
            table: layerTable)
        let changed = pictures.count(where: \.isChanged)
        page.add(
            section: "Pictures that differ most",
            text: changed == 0
                ? "Both say the same of every picture; these are furthest apart by the cosine of "
                    + "their image embeddings."
                : "\(changed) of \(pictures.count) pictures got other words, or fit other texts. Of "
                    + "these, those whose words differ most come first.",
            cards: worst.prefix(12).map(card))
        return page
    }

    private var highlights: [(name: String, value: String)] {
        let names = [
            "captions": "captions the same", "answers": "answers the same",
            "matches": "matches the same",
        ]
        let shares = agreement.compactMap { row in
            names[row.measure].map { (name: $0, value: percent(row.share)) }
        }
        let embeddings = layers.layers.first { $0.name == "image_embeddings" }
        let ratios = cost.filter { ["size on disk", "vision", "caption"].contains($0.measure) }
            .map {
                (
                    name: "\($0.measure)\($0.unit == .milliseconds ? " time" : ""), B ÷ A",
                    value: String(format: "%.2f", $0.ratio)
                )
            }
        return shares
            + [
                (
                    name: "1 − cosine of image embeddings",
                    value: distanceText(embeddings?.cosines.mean ?? 1)
                )
            ] + ratios
    }

    private func card(_ picture: Compared) -> PictureCard {
        var lines: [PictureCard.Line] = []
        let changed = changes(of: picture)
        if let caption = picture.a.caption?.text, changed.first?.about != "caption" {
            lines.append(.init(name: "both", text: caption))
        }
        for words in changed {
            if words.about != "caption" {
                lines.append(.init(name: "", text: words.about, look: .heading))
            }
            lines.append(.init(name: "A", text: words.a, look: .first))
            lines.append(.init(name: "B", text: words.b, look: .second))
        }
        return PictureCard(
            picture.input, score: "1 − cosine \(distanceText(picture.cosine))", lines: lines)
    }
}
