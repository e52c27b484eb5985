package import BlipPictures

/// The mean brightness of a picture's parts, by which two frames are compared before a model looks at them.
///
/// Means of many pixels hardly have noise, and a thing that moves changes the part that it is in however
/// large the picture is.
package struct BrightnessGrid: Sendable, Hashable {
    /// Parts a side.
    private static let side = 24

    /// 0 to 1, in rows.
    private let cells: [Float]

    package init(_ picture: Picture) {
        let columns = min(Self.side, picture.width)
        let rows = min(Self.side, picture.height)
        // Of large cells a part of the pixels tells enough.
        let step = max(1, min(picture.width / columns, picture.height / rows) / 8)
        cells = picture.withUnsafeBytes { bytes in
            var cells: [Float] = []
            cells.reserveCapacity(columns * rows)
            for row in 0..<rows {
                let top = row * picture.height / rows
                let bottom = (row + 1) * picture.height / rows
                for column in 0..<columns {
                    let left = column * picture.width / columns
                    let right = (column + 1) * picture.width / columns
                    var sum = 0
                    var count = 0
                    var y = top
                    while y < bottom {
                        var x = left
                        while x < right {
                            let pixel = (y * picture.width + x) * 3
                            // Rec. 601, in 256ths.
                            sum +=
                                77 * Int(bytes[pixel]) + 150 * Int(bytes[pixel + 1])
                                + 29 * Int(bytes[pixel + 2])
                            count += 1
                            x += step
                        }
                        y += step
                    }
                    cells.append(Float(sum) / Float(max(1, count)) / 65_280)
                }
            }
            return cells
        }
    }

    /// The largest change of a part, 0 to 1; 1 between pictures of different sizes.
    package func change(from other: BrightnessGrid) -> Double {
        guard cells.count == other.cells.count else { return 1 }
        var largest: Float = 0
        for index in cells.indices {
            largest = max(largest, abs(cells[index] - other.cells[index]))
        }
        return Double(largest)
    }
}
