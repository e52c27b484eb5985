/// Drawn pictures, as a vision model's input has them, to compare devices by: shapes, colours and grain, the same
/// each time.
enum BuiltInPicture {
    /// As many as a graph of fixed shapes takes in a batch.
    static let count = 2

    /// Normalized pixels [3, size, size], about as wide as those of photographs.
    static func pixels(_ index: Int, size: Int) -> [Float] {
        var grain = UInt32(truncatingIfNeeded: 7 + index * 91)
        var planes: [Float] = []
        planes.reserveCapacity(3 * size * size)
        for channel in 0..<3 {
            for row in 0..<size {
                for column in 0..<size {
                    let (x, y) = (Float(column) / Float(size), Float(row) / Float(size))
                    grain = grain &* 1_664_525 &+ 1_013_904_223
                    let noise = Float(grain >> 24) / 255 - 0.5
                    planes.append(colour(index, channel, x, y) + noise * 0.3)
                }
            }
        }
        return planes
    }

    private static func colour(_ index: Int, _ channel: Int, _ x: Float, _ y: Float) -> Float {
        let (dx, dy) = (x - 0.3 - 0.4 * Float(index), y - 0.35)
        if dx * dx + dy * dy < 0.04 { return [1.8, 0.9, -1.2][channel] }
        if y > 0.7 - 0.2 * x * Float(1 - index) { return [-0.6, 0.8 - y, -1.0][channel] }
        return index == 0 ? [-0.9, 0.1 + y, 1.6][channel] : [1.2 - x, -1.4, x - y][channel]
    }
}
