import ModelGraph

/// What a part's graph is made for where shapes are fixed. Requests of about these sizes share it, padded to them.
package struct PartSizes: Sendable, Hashable {
    /// Pictures, texts or sequences.
    package var batch = 1
    /// Tokens of a text, or of a step.
    package var tokens = 1
    /// Tokens that the KV cache has room for.
    package var past = 0
    /// Tokens of a picture or a question.
    package var context = 0
    /// Rows of the context: 1 where all share one.
    package var contextBatch = 1

    package init(
        batch: Int = 1, tokens: Int = 1, past: Int = 0, context: Int = 0, contextBatch: Int = 1
    ) {
        self.batch = batch
        self.tokens = tokens
        self.past = past
        self.context = context
        self.contextBatch = contextBatch
    }

    /// The shape of an input.
    ///
    /// - Parameter open: the input's shape where sizes are open.
    func shape(of input: String, like open: Shape, in part: ModelPart) -> Shape {
        var sizes: [Int: Int] = [:]
        switch input {
        case PortName.pixelValues: sizes = [0: batch]
        case PortName.states: sizes = [0: batch, 1: context]
        case PortName.inputIDs: sizes = [0: batch, 1: tokens]
        case PortName.positionIDs: sizes = [0: 1, 1: tokens]
        case PortName.selfMask where part == .textDecoder:
            sizes = [0: 1, 2: tokens, 3: past + tokens]
        case PortName.selfMask: sizes = [0: batch, 3: tokens]
        case PortName.contextMask: sizes = [0: contextBatch, 3: context]
        case _ where input.hasPrefix("cross_key."): sizes = [0: contextBatch, 3: context]
        case _ where input.hasPrefix("cross_value."): sizes = [0: contextBatch, 2: context]
        case _ where input.hasPrefix("past_"): sizes = [0: batch, 2: past]
        default: break
        }
        return Shape(
            open.dimensions.enumerated().map { place, size in
                sizes[place].map { .fixed($0) } ?? size
            })
    }
}

/// Which sizes graphs of fixed shapes are made for: few, since each is compiled by itself.
enum ShapeBuckets {
    /// The most pictures or texts that run together; more run one after another.
    static let largestBatch = 32

    /// As many rows as hold these.
    static func batch(_ count: Int) -> Int { powerOfTwo(atLeast: count) }

    /// As many tokens as hold a text.
    ///
    /// - Parameter limit: of the model.
    static func textTokens(_ count: Int, limit: Int) -> Int {
        max(count, min(powerOfTwo(atLeast: max(16, count)), limit))
    }

    /// As many tokens as hold those of a decoder's step: one, or a prompt.
    static func stepTokens(_ count: Int) -> Int {
        count <= 1 ? 1 : powerOfTwo(atLeast: max(8, count))
    }

    /// As much room as a KV cache needs.
    static func cacheTokens(_ count: Int, block: Int) -> Int {
        powerOfTwo(atLeast: max(block, count))
    }

    /// Places that run together, so that no row is padding: 13 as 8, 4 and 1.
    static func runs(_ count: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start = 0
        while start < count {
            let left = min(count - start, largestBatch)
            let batch = powerOfTwo(atLeast: left)
            let end = start + (batch == left ? left : batch / 2)
            runs.append(start..<end)
            start = end
        }
        return runs
    }

    /// What a part is first asked for: one picture, one text.
    static func first(_ part: ModelPart, _ configuration: BlipConfiguration) -> PartSizes {
        let picture = configuration.vision.tokenCount
        let text = textTokens(1, limit: configuration.text.maximumPositions)
        return switch part {
        case .vision: PartSizes()
        case .encoderContext, .decoderContext: PartSizes(context: picture)
        case .textEncoder: PartSizes(tokens: text, context: picture)
        case .textProjection: PartSizes(tokens: text)
        case .textDecoder: PartSizes(past: KeyValueCache.block, context: picture)
        }
    }

    private static func powerOfTwo(atLeast count: Int) -> Int {
        var power = 1
        while power < count { power *= 2 }
        return power
    }
}
