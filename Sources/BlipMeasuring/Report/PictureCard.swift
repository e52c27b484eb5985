import BlipCommandSupport
import BlipPictures
import Foundation

/// A small picture on a page, with what was said of it.
struct PictureCard {
    /// Words under the picture.
    struct Line {
        /// Whose words, in one colour: of the first or second of two, or nobody's.
        enum Look: String {
            case plain
            /// What the lines after it are about.
            case heading
            case first
            case second
        }

        /// Whose they are, before them; empty for none.
        let name: String
        let text: String
        var look = Look.plain
    }

    private let name: String
    private let score: String
    private let lines: [Line]
    /// In the page itself; `nil` for a picture that can no longer be read.
    private let dataURL: String?

    /// - Parameters:
    ///   - score: how it fared, beside its name.
    init(_ input: ImageInput, score: String, lines: [Line]) {
        name = input.name
        self.score = score
        self.lines = lines
        dataURL = try? Self.dataURL(of: input.load())
    }

    /// The longest side, in pixels: enough for screens of two pixels a point.
    private static let side = 480

    private static func dataURL(of picture: Picture) throws(PictureError) -> String {
        let longest = max(picture.width, picture.height)
        let scale = min(1, Double(side) / Double(longest))
        let small = try picture.resized(
            width: max(1, Int(Double(picture.width) * scale)),
            height: max(1, Int(Double(picture.height) * scale)), filter: .lanczos)
        return try "data:image/jpeg;base64," + small.jpeg(quality: 82).base64EncodedString()
    }

    var html: HTML {
        let image = dataURL.map { HTML.element("img", ["src": $0, "alt": name]) }
        return .element(
            "figure", ["class": "card"],
            [image ?? .element("div", ["class": "missing"], "no longer readable")] + [
                .element(
                    "figcaption", [:],
                    [
                        .element(
                            "div", ["class": "file"],
                            [
                                .element("span", ["title": name], shortName),
                                .element("span", ["class": "score"], score),
                            ])
                    ]
                        + lines.map { line in
                            let owner = HTML.element("b", ["class": "owner"], line.name)
                            return .element(
                                "div", ["class": "said \(line.look.rawValue)"],
                                (line.name.isEmpty ? [] : [owner]) + [.text(line.text)])
                        })
            ])
    }

    private var shortName: String { name.split(separator: "/").last.map(String.init) ?? name }
}
