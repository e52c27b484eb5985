/// Resamples position embeddings, which are one a patch, to another grid of patches.
///
/// Reference: `BlipVisionEmbeddings.interpolate_pos_encoding` of transformers 5.23, which calls PyTorch's
/// `interpolate` with mode `bicubic` and `align_corners=False`: Keys' cubic convolution with a = -0.75,
/// edges repeated, nothing smoothed where the grid becomes coarser. All in f32, with products and sums rounded
/// together where PyTorch's build does so, since neighbours' weights are differences of large terms.
struct PositionInterpolation {
    /// Patches a side that the embeddings are of.
    let from: Int
    /// Patches a side that are wanted.
    let to: Int

    /// Four neighbours along an axis, and how much each counts.
    private struct Taps {
        let places: [Int]
        let weights: [Float]
    }

    /// - Parameters:
    ///   - embeddings: of the class token, and of each patch, row after row; each of `width` values.
    ///   - width: of an embedding.
    /// - Returns: the class token's as it is, and those of the other grid.
    func callAsFunction(_ embeddings: [Float], width: Int) -> [Float] {
        let taps = (0..<to).map(taps)
        var result = Array(embeddings.prefix(width))
        result.reserveCapacity((to * to + 1) * width)
        var line = [Float](repeating: 0, count: width)
        var sum = line
        for vertical in taps {
            for horizontal in taps {
                for index in sum.indices { sum[index] = 0 }
                for (row, rowWeight) in zip(vertical.places, vertical.weights) {
                    for index in line.indices { line[index] = 0 }
                    for (column, weight) in zip(horizontal.places, horizontal.weights) {
                        let first = (1 + row * from + column) * width
                        for index in line.indices {
                            line[index] += weight * embeddings[first + index]
                        }
                    }
                    for index in sum.indices { sum[index] += rowWeight * line[index] }
                }
                result += sum
            }
        }
        return result
    }

    private func taps(_ place: Int) -> Taps {
        let scale = Float(from) / Float(to)
        let source = Float(-0.5).addingProduct(scale, Float(place) + 0.5)
        let first = min(Int(source.rounded(.down)), from - 1)
        let t = min(max(source - Float(first), 0), 1)
        return Taps(
            places: (-1...2).map { min(max(first + $0, 0), from - 1) },
            weights: [Self.outer(t + 1), Self.inner(t), Self.inner(1 - t), Self.outer(2 - t)])
    }

    private static let a: Float = -0.75

    /// Of the two nearest, at a distance of 1 at most.
    private static func inner(_ x: Float) -> Float {
        let factor = (-(a + 3)).addingProduct(a + 2, x)
        return Float(1).addingProduct(factor * x, x)
    }
    /// Of the other two.
    private static func outer(_ x: Float) -> Float {
        let first = (-5 * a).addingProduct(a, x)
        return (-4 * a).addingProduct((8 * a).addingProduct(first, x), x)
    }
}
