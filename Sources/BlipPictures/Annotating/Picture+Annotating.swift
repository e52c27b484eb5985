extension Picture {
    /// The picture with a white panel beneath it: the caption in large type, then each question
    /// with its answer.
    ///
    /// The picture keeps its aspect and is scaled to at most 1280 × 1280 and at least 480 pixels;
    /// text wraps to the figure's width, and the panel grows as needed.
    ///
    /// - Parameter annotation: any texts in any language; they are no markup.
    /// - Throws: ``PictureError`` where the text cannot be drawn, or the figure grows over 100
    ///   million pixels.
    public func annotated(with annotation: Annotation) throws(PictureError) -> Picture {
        let picture = try scaledForFigure()
        let style = FigureStyle(width: max(picture.width, FigureStyle.narrowest))
        let panel = try FigurePanel(annotation, style: style)
        let height = picture.height + panel.height
        guard style.width * height <= Self.largestArea else {
            throw PictureError(
                .tooLarge,
                "The annotations make a figure of \(style.width) × \(height) pixels: write fewer lines."
            )
        }
        var canvas = Canvas(width: style.width, height: height, colour: style.background)
        canvas.draw(picture, x: (style.width - picture.width) / 2, y: 0)
        panel.draw(on: &canvas, top: picture.height)
        return try canvas.picture()
    }

    /// Within 1280 × 1280; small pictures grow until their longer side reaches 480. All that a figure needs
    /// of a picture: scaled again, it stays as it is.
    package func scaledForFigure() throws(PictureError) -> Picture {
        let longer = Double(max(width, height))
        var scale = 1.0
        if longer > Double(FigureStyle.widest) { scale = Double(FigureStyle.widest) / longer }
        if longer < Double(FigureStyle.narrowest) { scale = Double(FigureStyle.narrowest) / longer }
        return try resized(
            width: max(1, Int((Double(width) * scale).rounded())),
            height: max(1, Int((Double(height) * scale).rounded())))
    }
}
