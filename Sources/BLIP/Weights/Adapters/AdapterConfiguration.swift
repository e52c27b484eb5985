import BlipCheckpoint
import Foundation

/// What `adapter_config.json`, by the library peft, says of an adapter.
struct AdapterConfiguration: Decodable {
    static let fileName = "adapter_config.json"

    /// The kind of adapter: `LORA`, `IA3` and others.
    let kind: String
    /// The model that it changes: a path, or a name on the hub.
    let base: String?
    let revision: String?
    private let alpha: Double
    private let alphaPattern: [String: Double]
    /// Rank-stabilized (Kalajdzievski, 2023).
    private let dividesByRoot: Bool
    /// A setting by which a layer is more than its weight and a product.
    private let obstacle: String?

    private enum Key: String, CodingKey {
        case kind = "peft_type"
        case base = "base_model_name_or_path"
        case revision
        case alpha = "lora_alpha"
        case alphaPattern = "alpha_pattern"
        case dividesByRoot = "use_rslora"
        case initialization = "init_lora_weights"
        // These change how a layer computes, or another model than the base.
        case dora = "use_dora"
        case qalora = "use_qalora"
        case replication = "layer_replication"
        case tokens = "trainable_token_indices"
        case parameters = "target_parameters"
        case invocation = "alora_invocation_tokens"
        case arrow = "arrow_config"
        case megatron = "megatron_config"

        static let obstacles: [Key] = [
            .dora, .qalora, .replication, .tokens, .parameters, .invocation, .arrow, .megatron,
        ]
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        kind = try values.decode(String.self, forKey: .kind)
        base = try values.decodeIfPresent(String.self, forKey: .base)
        revision = try values.decodeIfPresent(String.self, forKey: .revision)
        // peft's default.
        alpha = try values.decodeIfPresent(Double.self, forKey: .alpha) ?? 8
        alphaPattern =
            try values.decodeIfPresent([String: Double].self, forKey: .alphaPattern) ?? [:]
        dividesByRoot = try values.decodeIfPresent(Bool.self, forKey: .dividesByRoot) ?? false
        let set = try Key.obstacles.first {
            try values.decodeIfPresent(Setting.self, forKey: $0)?.isSet == true
        }
        // Beginnings that take something away from the base's weights.
        let beginning = (try? values.decode(String.self, forKey: .initialization)) ?? ""
        let changesBase = ["pissa", "olora", "corda", "loftq", "lora_ga"]
            .contains(where: beginning.lowercased().hasPrefix)
        obstacle = set?.rawValue ?? (changesBase ? "init_lora_weights" : nil)
    }

    /// Reads the configuration of an adapter; `nil` for a folder that has none.
    ///
    /// - Throws: ``BlipError`` that names the file.
    init?(in folder: URL) throws(BlipError) {
        let file = folder.appending(path: Self.fileName)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        do {
            self = try JSONDecoder.ofPythonsJSON.decode(Self.self, from: Data(contentsOf: file))
        } catch {
            throw BlipError(
                .invalidConfiguration,
                "\(file.path): it is not an adapter's configuration as peft writes it; download it again"
            )
        }
    }

    /// Refuses an adapter that does not come down to other weights.
    func check() throws(BlipError) {
        let reason: String
        switch (kind, obstacle) {
        case ("LORA", nil): return
        case ("LORA", let obstacle?): reason = "is a LoRA adapter with \"\(obstacle)\""
        default: reason = "is an adapter of the kind \(kind.quotable)"
        }
        throw Self.notMerged("The adapter \(reason)")
    }

    static func notMerged(_ what: String) -> BlipError {
        BlipError(
            .invalidConfiguration,
            "\(what), which is not merged here; merge it with peft (merge_and_unload, then "
                + "save_pretrained) and give the folder that this writes")
    }

    /// Refuses patterns that are of none of the modules: what they were written for would get the default.
    ///
    /// - Parameter modules: all that the adapter changes, by their names in the model that peft was given.
    func checkPatterns(for modules: [String]) throws(BlipError) {
        for key in alphaPattern.keys.sorted() {
            guard try !modules.contains(where: pattern(key).matches) else { continue }
            throw Self.notMerged(
                "The adapter has \"\(key.quotable)\" in \"alpha_pattern\" for none of its modules")
        }
    }

    private func pattern(_ key: String) throws(BlipError) -> ModulePattern {
        if let pattern = ModulePattern(key) { return pattern }
        throw Self.notMerged(
            "The adapter has the regular expression \"\(key.quotable)\" in \"alpha_pattern\"")
    }

    /// What the product of a module's factors is multiplied by.
    ///
    /// - Parameters:
    ///   - module: its name in the model that peft was given.
    ///   - rank: the rows of its first factor, which `rank_pattern` may have made another than `r`.
    func scale(of module: String, rank: Int) throws(BlipError) -> Float {
        var alphas: Set<Double> = []
        for (key, alpha) in alphaPattern where try pattern(key).matches(module) {
            alphas.insert(alpha)
        }
        // The first in the file counts, and a dictionary has no order.
        guard alphas.count < 2 else {
            throw Self.notMerged(
                "The adapter has several patterns of \"alpha_pattern\" for \(module.quotable)")
        }
        let alpha = alphas.first ?? alpha
        return Float(alpha / (dividesByRoot ? Double(rank).squareRoot() : Double(rank)))
    }
}

/// Whether a setting of any type says something: it is not null, false, or a list or object without members.
private struct Setting: Decodable {
    let isSet: Bool

    private struct Ignored: Decodable { init(from decoder: any Decoder) {} }

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            isSet = false
        } else if let flag = try? value.decode(Bool.self) {
            isSet = flag
        } else if let list = try? value.decode([Ignored].self) {
            isSet = !list.isEmpty
        } else if let members = try? value.decode([String: Ignored].self) {
            isSet = !members.isEmpty
        } else {
            isSet = true
        }
    }
}
