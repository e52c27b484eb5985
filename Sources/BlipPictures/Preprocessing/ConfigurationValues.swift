/// `size` and `crop_size` as configurations spell them: an integer (a square), an object with
/// height and width, or an object with the shortest edge.
struct Sides: Codable {
    private var height: Int?
    private var width: Int?
    private var shortestEdge: Int?
    private var longestEdge: Int?

    private enum CodingKeys: String, CodingKey {
        case height, width
        case shortestEdge = "shortest_edge"
        case longestEdge = "longest_edge"
    }

    init(_ size: PixelPreprocessing.Size) {
        switch size {
        case .exact(let height, let width): (self.height, self.width) = (height, width)
        case .shortestEdge(let edge): shortestEdge = edge
        }
    }

    init(from decoder: any Decoder) throws {
        if let side = try? decoder.singleValueContainer().decode(Int.self) {
            (height, width) = (side, side)
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        height = try container.decodeIfPresent(Int.self, forKey: .height)
        width = try container.decodeIfPresent(Int.self, forKey: .width)
        shortestEdge = try container.decodeIfPresent(Int.self, forKey: .shortestEdge)
        longestEdge = try container.decodeIfPresent(Int.self, forKey: .longestEdge)
    }

    func size() throws(PictureError) -> PixelPreprocessing.Size {
        if let height, let width { return .exact(height: height, width: width) }
        if let shortestEdge, longestEdge == nil { return .shortestEdge(shortestEdge) }
        throw PictureError(
            .invalidPreprocessing,
            """
            The preprocessing's size is of an unknown kind: use a number, height and width, or \
            shortest_edge alone.
            """)
    }

    func cropSize() throws(PictureError) -> PixelPreprocessing.CropSize {
        guard let height, let width else {
            throw PictureError(
                .invalidPreprocessing,
                "The preprocessing's crop_size is of an unknown kind: use height and width.")
        }
        return PixelPreprocessing.CropSize(height: height, width: width)
    }
}

/// A mean or deviation: a number for each channel, or one for all.
struct ThreeNumbers: Decodable {
    let values: [Double]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            values = [number, number, number]
        } else {
            values = try container.decode([Double].self)
        }
    }
}
