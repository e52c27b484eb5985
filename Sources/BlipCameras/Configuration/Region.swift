/// A part of a frame: a polygon of three corners or more, as shares of its width and height.
package struct Region: Sendable, Hashable, Codable {
    package struct Point: Sendable, Hashable, Codable {
        /// 0 to 1, from the left and from the top.
        package let x: Double
        package let y: Double

        package init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    package let points: [Point]

    package init(points: [Point]) { self.points = points }

    /// An upright box.
    package init(x: Double, y: Double, width: Double, height: Double) {
        points = [
            Point(x: x, y: y), Point(x: x + width, y: y),
            Point(x: x + width, y: y + height), Point(x: x, y: y + height),
        ]
    }
}
