import BLIP

/// What the vision model makes of a look, for comparing looks and for learning states.
enum LookVector {
    /// The class token's vector, and the mean of the patches'.
    static func vector(of image: EncodedImage, by model: BlipModel) async throws -> [Float] {
        let width = image.shape.width
        let values = try await model.patchEmbeddings(of: image)
        guard width > 0, values.count >= 2 * width else { return values }
        var vector = Array(values[0..<width])
        var mean = [Float](repeating: 0, count: width)
        let patches = values.count / width - 1
        values.withUnsafeBufferPointer { values in
            for patch in 1...patches {
                for index in 0..<width { mean[index] += values[patch * width + index] }
            }
        }
        vector += mean.map { $0 / Float(patches) }
        return vector
    }

    /// -1 to 1; `nan` where one is zero.
    static func cosine(_ a: [Float], _ b: [Float]) -> Double {
        Double(Embedding(a).cosine(to: Embedding(b)))
    }
}
