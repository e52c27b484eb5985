package import BlipCommandSupport
import BLIP
import Foundation

/// A report: one file that needs nothing else, with no scripts and no links; light and dark as the
/// reader's system is.
package struct HTMLPage {
    let title: String
    /// A sentence below the title.
    let lead: String
    private var sections: [HTML] = []

    init(title: String, lead: String) {
        self.title = title
        self.lead = lead
    }

    /// Adds names and their values, such as the machine's.
    mutating func add(facts: [(name: String, value: String)]) {
        sections.append(Self.list(facts, look: "facts"))
    }

    /// Adds the few values that matter most, set large.
    mutating func add(highlights: [(name: String, value: String)]) {
        sections.append(Self.list(highlights, look: "highlights"))
    }

    /// Adds a sentence across the page.
    mutating func add(note: String) {
        sections.append(.element("p", ["class": "note"], note))
    }

    /// Adds what must be known before the rest is believed.
    mutating func add(warning: String) {
        sections.append(.element("p", ["class": "warning", "role": "alert"], warning))
    }

    private static func list(_ entries: [(name: String, value: String)], look: String) -> HTML {
        .element(
            "dl", ["class": look],
            entries.map { fact in
                .element(
                    "div", [:],
                    [.element("dt", [:], fact.name), .element("dd", [:], fact.value)])
            })
    }

    /// Adds a section: a heading, a sentence, plots and a table. Plots of one or two points are left out: the table
    /// tells as much.
    mutating func add(
        section title: String, text: String, plots: [LinePlot] = [], table: Table? = nil
    ) {
        var parts: [HTML] = [.element("h2", [:], title)]
        if !text.isEmpty { parts.append(.element("p", [:], text)) }
        parts += plots.filter(\.isTrend).map(\.figure)
        if let table { parts.append(table.html) }
        sections.append(.element("section", [:], parts))
    }

    /// Adds a section across the page: a heading, a sentence, and pictures beside each other.
    mutating func add(section title: String, text: String, cards: [PictureCard]) {
        sections.append(
            .element(
                "section", ["class": "wide"],
                [
                    .element("h2", [:], title), .element("p", [:], text),
                    .element("div", ["class": "cards"], cards.map(\.html)),
                ]))
    }

    /// The whole file.
    var markup: String {
        let head = HTML.element(
            "head", [:],
            [
                .element("meta", ["charset": "utf-8"]),
                .element(
                    "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
                .element("meta", ["name": "color-scheme", "content": "light dark"]),
                .element("title", [:], title), .style(pageStyle),
            ])
        let body = HTML.element(
            "body", [:],
            [
                .element(
                    "header", [:],
                    [.element("h1", [:], title), .element("p", ["class": "lead"], lead)]),
                .element("main", [:], sections),
            ])
        return "<!DOCTYPE html>\n"
            + HTML.element("html", ["lang": "en"], [head, body]).markup + "\n"
    }

    /// Checks where the page is to be written, before a long run.
    package static func check(_ path: String, option: String, _ outputs: inout OutputFiles) throws {
        let file = place(path)
        guard file.pathExtension.lowercased() == "html" else {
            let isLink = URL(filePath: path).pathExtension.lowercased() == "html"
            throw Failure(
                .usage,
                "\(option) \(path)\(isLink ? ", a link to \(file.path)," : "") does not end in .html, as "
                    + "a page's name does; name it so.")
        }
        try outputs.add(file, option: option)
    }

    /// Writes the page beside its place, and moves it there when it is whole.
    package func write(to path: String) throws {
        let file = Self.place(path)
        do {
            try Draft.write(Data(markup.utf8), to: file)
        } catch {
            throw OutputFiles.unwritable(file)
        }
    }

    /// Where a link leads, so that it stays one.
    private static func place(_ path: String) -> URL {
        URL(filePath: path).followingLinks
    }
}
