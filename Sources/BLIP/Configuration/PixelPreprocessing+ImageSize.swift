package import BlipPictures

extension PixelPreprocessing {
    /// The same for a model that sees pictures of another size, as transformers' processors make them where
    /// they are called with `size`.
    ///
    /// - Parameter side: height and width in pixels.
    package func sized(to side: Int) -> PixelPreprocessing {
        var sized = self
        switch size {
        case .exact: sized.size = .exact(height: side, width: side)
        case .shortestEdge(let edge):
            // What a crop cuts off keeps its share.
            let cropped = doCenterCrop ? cropSize.map { min($0.height, $0.width) } : nil
            let share = cropped.map { Double(edge) / Double(max(1, $0)) } ?? 1
            sized.size = .shortestEdge(Int((Double(side) * share).rounded()))
        }
        if doCenterCrop { sized.cropSize = .init(height: side, width: side) }
        return sized
    }
}
