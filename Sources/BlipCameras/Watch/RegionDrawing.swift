package import BlipPictures

extension Picture {
    /// The picture with a region as it is, and the rest of it darkened behind a line.
    package func showing(_ region: Region?) throws(PictureError) -> Picture {
        try showing(region.map { [$0] } ?? [])
    }

    /// The picture with regions as they are, and the rest of it darkened; a line is around each.
    package func showing(_ regions: [Region]) throws(PictureError) -> Picture {
        guard !regions.isEmpty else { return self }
        var bytes = rgb
        let spans = regions.map { region in (0..<height).map { region.spans(row: $0, of: self) } }
        let line = max(1, min(width, height) / 240)
        for row in 0..<height {
            for column in 0..<width {
                let pixel = (row * width + column) * 3
                let inside = spans.filter { Self.contains($0, column, row) }
                if inside.isEmpty { for offset in 0..<3 { bytes[pixel + offset] /= 3 } }
                let isEdge = inside.contains { spans in
                    [(-line, 0), (line, 0), (0, -line), (0, line)].contains { x, y in
                        !Self.contains(spans, column + x, row + y)
                    }
                }
                guard isEdge else { continue }
                // A green that is neither of lawns nor of screens.
                (bytes[pixel], bytes[pixel + 1], bytes[pixel + 2]) = (34, 230, 120)
            }
        }
        return try Picture(width: width, height: height, rgb: bytes)
    }

    private static func contains(_ spans: [[Range<Int>]], _ column: Int, _ row: Int) -> Bool {
        spans.indices.contains(row) && spans[row].contains { $0.contains(column) }
    }
}
