/// How a text is generated.
///
/// Names and meaning are those of transformers' `generate`.
public struct GenerationOptions: Sendable, Hashable {
    /// The most tokens a text may have, the begin token and the prompt included; `nil` for 20 new ones,
    /// or as many as `max_new_tokens` in the checkpoint's `text_config` says.
    ///
    /// That is all that transformers 5.23 takes from a BLIP checkpoint: its `generation_config.json`, and
    /// `num_beams`, `max_length` and their like in its `config.json`, do not reach the text decoder.
    public var maximumLength: Int?
    /// The fewest tokens a text must have before it may end, the begin token and the prompt
    /// included.
    public var minimumLength: Int
    /// Sequences that are followed at the same time; 1 follows the likeliest token alone.
    public var beamCount: Int = 1
    /// The power of the length that a beam's log-probability is divided by: above 0 favours longer
    /// texts, below 0 shorter ones.
    public var lengthPenalty: Float = 1
    /// When a beam search ends.
    public var earlyStopping = EarlyStopping.heuristic
    /// Texts wanted; with beams at most their number, with sampling any.
    public var sequenceCount: Int = 1
    /// Draws tokens by their probability instead of taking the likeliest.
    public var sampling: Sampling?
    /// Above 1 makes tokens that were there already less likely (Keskar et al., 2019).
    public var repetitionPenalty: Float = 1
    /// No run of so many tokens stands twice in a text; 0 allows all.
    public var noRepeatNGramSize: Int = 0

    /// Takes the likeliest token each time, unless the other properties are set.
    ///
    /// - Parameters:
    ///   - maximumLength: the most tokens a text may have; `nil` for the checkpoint's default.
    ///   - minimumLength: the fewest tokens a text must have before it may end.
    public init(maximumLength: Int? = nil, minimumLength: Int = 0) {
        self.maximumLength = maximumLength
        self.minimumLength = minimumLength
    }

    /// When a beam search ends, once there are as many finished texts as beams.
    public enum EarlyStopping: Sendable, Hashable {
        /// When the best running beam is, at its present length, worse than the worst finished
        /// text: transformers' `False`, its default.
        case heuristic
        /// At once: transformers' `True`.
        case always
        /// When no running beam could become better at any length: transformers' `"never"`.
        case never
    }

    /// How tokens are drawn. Applied in the order of the properties.
    public struct Sampling: Sendable, Hashable {
        /// Divides the logits: below 1 sharpens, above 1 flattens.
        public var temperature: Float
        /// Draws among so many likeliest tokens; 0 for all.
        public var topK: Int
        /// Draws among the likeliest tokens that together have this probability (Holtzman et al.,
        /// 2020); 1 for all.
        public var topP: Float
        /// The same seed draws the same texts; `nil` for others each time.
        ///
        /// A picture's texts are drawn independently of each other. What a text draws follows from the
        /// seed and its index among its picture's or question's texts alone: it is the same in every
        /// batch and at every place of it, so that pictures of one seed share their draws.
        public var seed: UInt64?

        /// The defaults are transformers'.
        public init(
            temperature: Float = 1, topK: Int = 50, topP: Float = 1, seed: UInt64? = nil
        ) {
            self.temperature = temperature
            self.topK = topK
            self.topP = topP
            self.seed = seed
        }

        /// What a user set, with the defaults for the rest; `nil` where nothing was set, so that tokens are
        /// not drawn.
        package init?(
            settingTemperature temperature: Float?, topK: Int?, topP: Float?, seed: UInt64?
        ) {
            guard temperature != nil || topK != nil || topP != nil || seed != nil else {
                return nil
            }
            self.init(seed: seed)
            self.temperature = temperature ?? self.temperature
            self.topK = topK ?? self.topK
            self.topP = topP ?? self.topP
        }
    }
}
