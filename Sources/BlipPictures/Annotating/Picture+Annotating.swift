extension Picture {
    /// The picture on white with words: the caption in large type, then each question with its answer. They
    /// stand beneath the picture, or, where it is much taller than wide, beside it.
    ///
    /// The picture keeps its aspect and is scaled to at most 1280 × 1280 and at least 480 pixels; text wraps,
    /// and the figure grows as needed.
    ///
    /// - Parameter annotation: any texts in any language; they are no markup. Pango draws a box for what no
    ///   font has, as ``Annotation/charactersWithoutFont`` tells.
    /// - Throws: ``PictureError`` where the text cannot be drawn, or the figure grows over 100
    ///   million pixels.
    package func annotated(with annotation: Annotation) throws(PictureError) -> Picture {
        let picture = try scaledForFigure()
        return 2 * picture.height > 3 * picture.width
            ? try picture.beside(annotation) : try picture.above(annotation)
    }

    private func above(_ annotation: Annotation) throws(PictureError) -> Picture {
        let width = max(width, FigureStyle.narrowest)
        let panel = try FigurePanel(annotation, style: FigureStyle(width: width, side: width))
        var canvas = try Canvas(figureOfWidth: width, height: height + panel.height)
        canvas.draw(self, x: (width - self.width) / 2, y: 0)
        if panel.height > 0 {
            // Where the picture ends, for pictures that are white there too.
            canvas.fill(x: 0, y: height, width: width, height: 1, colour: FigureStyle.rule)
        }
        panel.draw(on: &canvas, left: 0, top: height)
        return try canvas.picture()
    }

    private func beside(_ annotation: Annotation) throws(PictureError) -> Picture {
        let panelWidth = min(FigureStyle.widest / 2, FigureStyle.widest - width)
        let panel = try FigurePanel(
            annotation, style: FigureStyle(width: panelWidth, side: height))
        var canvas = try Canvas(
            figureOfWidth: width + (panel.height > 0 ? panelWidth : 0),
            height: max(height, panel.height))
        canvas.draw(self, x: 0, y: 0)
        canvas.fill(x: width, y: 0, width: 1, height: height, colour: FigureStyle.rule)
        panel.draw(on: &canvas, left: width, top: (canvas.height - panel.height) / 2)
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
