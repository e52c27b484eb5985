extension Region {
    /// A box or corners as on the command line: `x,y,width,height`, or six numbers and more, `x,y` a corner.
    package init?(written text: String) {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            Double(part.filter { $0 != " " })
        }
        guard !numbers.contains(nil) else { return nil }
        let known = numbers.compactMap(\.self)
        if known.count == 4 {
            self.init(numbers: [known])
        } else {
            guard known.count.isMultiple(of: 2) else { return nil }
            self.init(
                numbers: stride(from: 0, to: known.count, by: 2).map { [known[$0], known[$0 + 1]] })
        }
    }

    /// - Parameter numbers: one list of four, or three lists of two and more.
    init?(numbers: [[Double]]) {
        let range = 0.0...1.0
        guard numbers.joined().allSatisfy(range.contains) else { return nil }
        if numbers.count == 1, numbers[0].count == 4 {
            let box = numbers[0]
            // What was rounded may go beyond the edge by a hair.
            guard box[2] > 0, box[3] > 0, box[0] + box[2] <= 1.001, box[1] + box[3] <= 1.001
            else { return nil }
            self.init(x: box[0], y: box[1], width: box[2], height: box[3])
        } else {
            guard (3...64).contains(numbers.count), numbers.allSatisfy({ $0.count == 2 }) else {
                return nil
            }
            self.init(points: numbers.map { Point(x: $0[0], y: $0[1]) })
            guard width > 0, height > 0 else { return nil }
        }
    }

    var left: Double { points.map(\.x).min() ?? 0 }
    var top: Double { points.map(\.y).min() ?? 0 }
    var width: Double { (points.map(\.x).max() ?? 0) - left }
    var height: Double { (points.map(\.y).max() ?? 0) - top }
}
