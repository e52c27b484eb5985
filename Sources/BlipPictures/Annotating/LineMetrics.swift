/// The line heights of a style, so that gaps between paragraphs do not depend on whether their
/// last line happens to have a descender.
///
/// libvips tells the extent of the ink only, so they are measured on a text that has it all.
struct LineMetrics {
    /// From the top of the first line to the foot of its descenders.
    private let firstBottom: Int
    /// From one line to the next.
    private let pitch: Int

    init(_ style: TextBlock.Style) throws(PictureError) {
        let one = try TextBlock(drawing: "Åg", style: style, width: 1000)
        let two = try TextBlock(drawing: "Åg\nÅg", style: style, width: 1000)
        firstBottom = one.inkBottom
        pitch = max(1, two.inkBottom - one.inkBottom)
    }

    /// The foot of a paragraph's last line, whether or not there is ink down there.
    func bottom(of block: TextBlock) -> Int {
        // A last line without descenders ends up to half a line early; lines with foreign script
        // may be a little higher.
        let furtherLines = max(0, (block.inkBottom - firstBottom + pitch * 4 / 5) / pitch)
        return max(block.inkBottom, firstBottom + furtherLines * pitch)
    }
}
