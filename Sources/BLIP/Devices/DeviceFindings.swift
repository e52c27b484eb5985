/// What a device makes of the built-in pictures and texts.
package struct DeviceFindings: Sendable {
    /// How a part was compiled.
    package struct Part: Sendable {
        package let part: ModelPart
        package let duration: Duration
        /// Why it was not.
        package let error: String?
    }

    package internal(set) var parts: [Part] = []
    /// Embeddings and states, each a vector a token, by what they are of.
    var vectors: [(name: String, values: [Float], width: Int)] = []
    /// The likeliest token behind each token of ``followed``, picture by picture, then again in a batch.
    package internal(set) var tokens: [[Int]] = []
    /// The texts that the decoder was led along.
    var followed: [[Int]] = []
    /// That texts fit pictures.
    package internal(set) var matchProbabilities: [Float] = []
    /// Of one picture; of its second run, the first having been prepared for.
    package internal(set) var vision: Duration = .zero
    /// Of one token; a mean.
    package internal(set) var token: Duration = .zero
    /// Why running ended early.
    package internal(set) var error: String?

    /// Why the device cannot be used; `nil` where it ran.
    package var failure: String? {
        parts.compactMap { part in part.error.map { "\(part.part): \($0)" } }.first ?? error
    }
}

/// How far a device's findings are those of the processor at f32.
package struct DeviceAgreement: Sendable, Hashable, Codable {
    /// The lowest cosine of an embedding with its like; 1 where all are the same.
    package var embeddings: Double
    /// The share of tokens that are the same; `nil` for a model that writes none.
    package var tokens: Double?
    /// The largest difference of match probabilities; `nil` for a model that gives none.
    package var matchProbability: Double?

    enum CodingKeys: String, CodingKey {
        case embeddings, tokens
        case matchProbability = "match_probability"
    }

    /// - Parameter reference: of the processor at f32.
    init(_ found: DeviceFindings, _ reference: DeviceFindings) {
        let pairs = zip(found.vectors, reference.vectors)
        let isWhole =
            found.vectors.count == reference.vectors.count
            && pairs.allSatisfy { $0.values.count == $1.values.count }
        let cosines = pairs.flatMap { Self.cosines($0.values, $1.values, width: $1.width) }
        // What is no number, or not there, agrees with nothing.
        embeddings = isWhole ? cosines.map { $0.isNaN ? -1 : Double($0) }.min() ?? -1 : -1
        let (own, expected) = (found.tokens.flatMap(\.self), reference.tokens.flatMap(\.self))
        tokens =
            expected.isEmpty
            ? nil : Double(zip(own, expected).count { $0 == $1 }) / Double(expected.count)
        let differences = zip(found.matchProbabilities, reference.matchProbabilities)
            .map { Double(abs($0 - $1)) }
        matchProbability = differences.map { $0.isNaN ? 1 : $0 }.max()
    }

    private static func cosines(_ a: [Float], _ b: [Float], width: Int) -> [Float] {
        guard width > 0, a.count == b.count else { return [] }
        return stride(from: 0, to: a.count - width + 1, by: width).map { start in
            let range = start..<start + width
            return Embedding(Array(a[range])).cosine(to: Embedding(Array(b[range])))
        }
    }
}
