extension PixelPreprocessing {
    /// The longest side that a model's input may have.
    static let longestSide = 8192

    /// Refuses settings that no picture can be prepared with, naming the setting.
    func validate() throws(PictureError) {
        switch size {
        case .exact(let height, let width):
            try check("size", height)
            try check("size", width)
        case .shortestEdge(let edge): try check("size", edge)
        }
        if doCenterCrop {
            guard let cropSize else {
                throw refusal("do_center_crop is true and crop_size is missing: add crop_size")
            }
            try check("crop_size", cropSize.height)
            try check("crop_size", cropSize.width)
        }
        guard rescaleFactor.isFinite else {
            throw refusal("rescale_factor is not a finite number: use 0.00392156862745098")
        }
        for (key, numbers) in [("image_mean", imageMean), ("image_std", imageStd)] {
            guard numbers.count == 3, numbers.allSatisfy(\.isFinite) else {
                throw refusal("\(key) must have 3 finite numbers, for red, green and blue")
            }
        }
        guard imageStd.allSatisfy({ Float($0) != 0 }) else {
            throw refusal("image_std must not have a 0: pixels are divided by it")
        }
    }

    private func check(_ key: String, _ side: Int) throws(PictureError) {
        guard (1...Self.longestSide).contains(side) else {
            throw refusal("\(key) of \(side) is not within 1 and \(Self.longestSide) pixels")
        }
    }

    private func refusal(_ reason: String) -> PictureError {
        PictureError(
            .invalidPreprocessing, "The picture preprocessing cannot be used: \(reason).")
    }
}
