/// Sizes and colours of an annotated figure's text.
struct FigureStyle {
    static let widest = 1280
    static let narrowest = 480

    /// Of the text with its margins, in pixels.
    let width: Int
    /// The em size of answers; everything else follows it.
    private let base: Int
    private let ink = Colour(red: 17, green: 24, blue: 39)
    static let rule = Colour(red: 229, green: 231, blue: 235)
    let question: TextBlock.Style
    let answer: TextBlock.Style

    /// Left and right of the text.
    let margin: Int
    /// Above and below the panel's text.
    let padding: Int
    /// Between a question and its answer.
    let tightGap: Int
    /// Between two questions.
    let looseGap: Int

    /// - Parameter side: of the figure, which type grows with.
    init(width: Int, side: Int) {
        self.width = width
        // 18 px on the narrowest figure, 26 px on the widest.
        let base = 18 + (side - Self.narrowest) * 8 / (Self.widest - Self.narrowest)
        self.base = base
        question = TextBlock.Style(
            size: base * 8 / 9, isBold: false, colour: Colour(red: 107, green: 114, blue: 128))
        answer = TextBlock.Style(size: base, isBold: false, colour: ink)
        margin = base * 2
        padding = base * 7 / 4
        tightGap = base / 3
        looseGap = base * 7 / 6
    }

    /// Captions stand out by size and weight; a long one needs less size to do so.
    func title(for text: String) -> TextBlock.Style {
        TextBlock.Style(
            size: text.count > 90 ? base * 10 / 9 : base * 4 / 3, isBold: true, colour: ink)
    }
}
