extension String {
    /// The fewest characters to insert, delete or replace (Levenshtein) that make another text.
    package func distance(to other: String) -> Int {
        var row = Array(0...other.count)
        for (index, character) in enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, wanted) in other.enumerated() {
                let replaced = diagonal + (character == wanted ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = Swift.min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[other.count]
    }

    /// The word that this one was probably meant to be; `nil` where none is near.
    package func nearest(in words: [String]) -> String? {
        let nearest = words.min { $0.distance(to: self) < $1.distance(to: self) }
        return nearest.flatMap { $0.distance(to: self) <= 2 ? $0 : nil }
    }
}
