/// Markup, made of elements and texts only, so that nothing in it is unescaped.
///
/// It is well-formed as XML too, and inline SVG is made of the same elements.
struct HTML: Sendable {
    /// As it is written to a file.
    let markup: String

    private init(markup: String) {
        self.markup = markup
    }

    /// A text, escaped.
    static func text(_ text: String) -> HTML { HTML(markup: escaped(text)) }

    /// One thing after another.
    static func all(_ parts: [HTML]) -> HTML { HTML(markup: parts.map(\.markup).joined()) }

    /// - Parameters:
    ///   - name: the element's name, a literal of this program.
    ///   - attributes: in their order; values are escaped.
    static func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:],
        _ children: [HTML] = []
    ) -> HTML {
        let list = attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
        // HTML knows no empty tags but those of void elements; SVG takes either.
        if children.isEmpty, isVoid("\(name)") { return HTML(markup: "<\(name)\(list)/>") }
        return HTML(markup: "<\(name)\(list)>\(all(children).markup)</\(name)>")
    }

    /// An element that holds a text.
    static func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:],
        _ text: String
    ) -> HTML {
        element(name, attributes, [.text(text)])
    }

    /// A style sheet of this program; it is no text that a browser unescapes.
    static func style(_ sheet: StaticString) -> HTML {
        HTML(markup: "<style>\n\(sheet)\n</style>")
    }

    private static func isVoid(_ name: String) -> Bool { ["meta", "br", "img"].contains(name) }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            // XML allows no other control characters, not even escaped.
            case "\t", "\n": result.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
