/// The text beneath or beside a picture: drawn and measured, ready to be laid on a canvas.
struct FigurePanel {
    private enum Element {
        case text(TextBlock, y: Int)
        case rule(y: Int)
    }

    private let style: FigureStyle
    private var elements: [Element] = []
    /// With the space above and below the text, in pixels; 0 where there is none.
    private(set) var height = 0

    init(_ annotation: Annotation, style: FigureStyle) throws(PictureError) {
        self.style = style
        var gap = style.padding
        let titleStyle = style.title(for: annotation.title)
        if let title = try block(annotation.title, titleStyle) {
            append(title, try LineMetrics(titleStyle), after: gap)
            gap = style.padding
        }
        let hasTitle = height > 0
        guard !annotation.lines.isEmpty || hasTitle else { return }
        let looks = [
            (style.question, try LineMetrics(style.question)),
            (style.answer, try LineMetrics(style.answer)),
        ]
        for (index, line) in annotation.lines.enumerated() {
            if index == 0, hasTitle {
                elements.append(.rule(y: height + gap * 3 / 4))
                gap = gap * 3 / 2
            }
            for (text, look) in zip([line.question, line.answer], looks) {
                guard let block = try block(text, look.0) else { continue }
                append(block, look.1, after: gap)
                gap = style.tightGap
            }
            gap = style.looseGap
        }
        if !elements.isEmpty { height += style.padding }
    }

    func draw(on canvas: inout Canvas, left: Int, top: Int) {
        let left = left + style.margin
        for element in elements {
            switch element {
            case .text(let block, let y):
                // From the left in every script, so that an answer stands with its question.
                canvas.draw(block.picture, x: left, y: top + y)
            case .rule(let y):
                canvas.fill(
                    x: left, y: top + y, width: style.width - 2 * style.margin, height: 2,
                    colour: FigureStyle.rule)
            }
        }
    }

    private mutating func append(_ block: TextBlock, _ metrics: LineMetrics, after gap: Int) {
        height += gap
        elements.append(.text(block, y: height + block.inkTop))
        height += metrics.bottom(of: block)
    }

    private func block(
        _ text: String, _ look: TextBlock.Style
    ) throws(PictureError) -> TextBlock? {
        try TextBlock(text, style: look, width: style.width - 2 * style.margin)
    }
}
