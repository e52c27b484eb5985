/// A table of texts, for the terminal and for a page.
struct Table {
    let headers: [String]
    let rows: [[String]]
    /// Columns of words, at the left; the others hold numbers and are set at the right.
    let wordColumns: Int

    init(headers: [String], rows: [[String]], wordColumns: Int = 1) {
        self.headers = headers
        self.rows = rows
        self.wordColumns = wordColumns
    }

    /// Lines of aligned columns.
    var lines: [String] {
        let all = [headers] + rows
        let widths = headers.indices.map { column in
            all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return all.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return column < wordColumns ? cell.0 + padding : padding + cell.0
            }.joined(separator: "  ").trimmingSuffix { $0 == " " }
        }
    }

    var html: HTML {
        let row = { (cells: [String], name: StaticString) -> HTML in
            .element(
                "tr", [:],
                cells.enumerated().map { column, cell in
                    .element(name, ["class": column < wordColumns ? "word" : "number"], cell)
                })
        }
        return .element(
            "div", ["class": "table"],
            [
                .element(
                    "table", [:],
                    [
                        .element("thead", [:], [row(headers, "th")]),
                        .element("tbody", [:], rows.map { row($0, "td") }),
                    ])
            ])
    }
}

extension String {
    fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> String {
        var rest = self[...]
        while let last = rest.last, isTrimmed(last) { rest.removeLast() }
        return String(rest)
    }
}
