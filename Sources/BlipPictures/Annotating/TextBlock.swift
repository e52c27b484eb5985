internal import CVips

/// A paragraph set in one style and wrapped to a width.
struct TextBlock {
    /// How a paragraph looks.
    struct Style {
        /// Em size in pixels.
        let size: Int
        let isBold: Bool
        let colour: Colour

        /// DejaVu has the widest coverage where it is there; `sans` is whatever the system has.
        static let family = "DejaVu Sans,sans"

        var font: String { "\(Self.family) \(isBold ? "Bold " : "")\(size)" }
    }

    /// The drawn text on white; no larger than its ink.
    let picture: Picture
    /// From the top of the paragraph's first line to the top of the ink, in pixels.
    let inkTop: Int

    /// From the top of the paragraph's first line to the bottom of the ink, in pixels.
    var inkBottom: Int { inkTop + picture.height }

    /// Draws text, or gives `nil` where there is nothing to be seen.
    init?(_ text: String, style: Style, width: Int) throws(PictureError) {
        let text = PangoMarkup.visible(text)
        guard !text.isEmpty else { return nil }
        try self.init(drawing: PangoMarkup.escaped(text), style: style, width: width)
    }

    /// - Parameter markup: Pango markup with something to be seen in it.
    init(drawing markup: String, style: Style, width: Int) throws(PictureError) {
        try LibVips.start()
        let coloured = "<span foreground=\"\(style.colour.hex)\">\(markup)</span>"
        let drawn = VipsImageReference { cvips_text(&$0, coloured, style.font, CInt(width)) }
        guard let drawn,
            let flat = drawn.map({ cvips_flatten($0, &$1, 255, 255, 255) }),
            let picture = try ColourConversion.upright(flat, name: "The text")
        else {
            throw PictureError(
                .textFailed,
                """
                "\(markup.prefix(40))" cannot be drawn: check that a font such as DejaVu Sans is \
                there.
                """, detail: LibVips.takeErrorText())
        }
        self.picture = picture
        inkTop = Int(vips_image_get_yoffset(drawn.pointer))
    }
}
