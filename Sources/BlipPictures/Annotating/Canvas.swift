/// A sheet of one colour that pictures are laid on.
struct Canvas {
    let width: Int
    let height: Int
    private var bytes: [UInt8]

    /// A white sheet.
    ///
    /// - Throws: ``PictureError`` for one of more pixels than a picture may have.
    init(figureOfWidth width: Int, height: Int) throws(PictureError) {
        guard width * height <= Picture.largestArea else {
            throw PictureError(
                .tooLarge,
                "The annotations make a figure of \(width) × \(height) pixels: write fewer lines.")
        }
        self.width = width
        self.height = height
        bytes = [UInt8](repeating: .max, count: width * height * 3)
    }

    /// Lays a picture on the sheet; what lies outside is cut off.
    mutating func draw(_ picture: Picture, x: Int, y: Int) {
        let columns = max(0, -x)..<max(0, -x, min(picture.width, width - x))
        let rows = max(0, -y)..<max(0, -y, min(picture.height, height - y))
        guard !columns.isEmpty else { return }
        let sheetWidth = width
        bytes.withUnsafeMutableBytes { sheet in
            picture.withUnsafeBytes { source in
                for row in rows {
                    let from = (row * picture.width + columns.lowerBound) * 3
                    let to = ((y + row) * sheetWidth + x + columns.lowerBound) * 3
                    UnsafeMutableRawBufferPointer(rebasing: sheet[to...]).copyMemory(
                        from: UnsafeRawBufferPointer(
                            rebasing: source[from..<from + columns.count * 3]))
                }
            }
        }
    }

    /// Fills a rectangle with one colour; what lies outside is cut off.
    mutating func fill(x: Int, y: Int, width: Int, height: Int, colour: Colour) {
        guard width > 0 else { return }
        for row in max(0, y)..<max(0, y, min(self.height, y + height)) {
            for column in max(0, x)..<max(0, x, min(self.width, x + width)) {
                let start = (row * self.width + column) * 3
                bytes[start] = colour.red
                bytes[start + 1] = colour.green
                bytes[start + 2] = colour.blue
            }
        }
    }

    func picture() throws(PictureError) -> Picture {
        try Picture(width: width, height: height, rgb: bytes)
    }
}

/// An sRGB colour.
struct Colour: Hashable {
    let red: UInt8
    let green: UInt8
    let blue: UInt8

    /// As Pango markup spells it, such as "#1a2b3c".
    var hex: String {
        "#"
            + [red, green, blue].map { (byte: UInt8) in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
    }
}
