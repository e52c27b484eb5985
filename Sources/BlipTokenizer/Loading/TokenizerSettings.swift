internal import BlipJSON

/// What the small files beside the vocabulary say: tokenizer_config.json, special_tokens_map.json
/// and added_tokens.json.
struct TokenizerSettings {
    /// As in "cls_token": "[CLS]".
    private(set) var namedTokens: [String: AddedToken] = [:]
    private var extraTokens: [AddedToken] = []
    private var addedTokens: [(token: AddedToken, id: Int)] = []
    private var config: JSONValue = .null

    /// The order in which the reference gives ids to special tokens that have none.
    private static let keys = [
        "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
    ]

    init(_ files: TokenizerFolder) throws {
        config = try files.json("tokenizer_config.json") ?? .null
        readNames(config)
        if let decoder = config["added_tokens_decoder"] {
            try readAdded(decoder, path: files.path("tokenizer_config.json"))
        } else {
            // The older files count only where the newer list is missing.
            readNames(try files.json("special_tokens_map.json") ?? .null)
            if let encoder = try files.json("added_tokens.json") {
                try readLegacy(encoder, path: files.path("added_tokens.json"))
            }
        }
        addedTokens.sort { $0.id < $1.id }
    }

    /// Whether transformers 5.23 makes a `BertTokenizer` of the folder's files: what a BLIP model has by
    /// default.
    var isBertTokenizer: Bool {
        guard let name = config["tokenizer_class"]?.text else { return true }
        return ["BertTokenizer", "BertTokenizerFast"].contains(name)
    }

    /// Whether tokenizer_config.json lists the added tokens, and so no other file does.
    var listsAddedTokens: Bool { config["added_tokens_decoder"] != nil }

    /// How words become tokens, where tokenizer.json does not say.
    func applyNormalization(to parts: inout TokenizerParts) {
        if let flag = config["do_lower_case"]?.flag { parts.normalizer.lowercases = flag }
        if let flag = config["strip_accents"]?.flag { parts.normalizer.stripsAccents = flag }
        if let flag = config["tokenize_chinese_chars"]?.flag {
            parts.normalizer.spacesChineseCharacters = flag
        }
        if let unk = namedTokens["unk_token"] { parts.names.unk = unk.content }
    }

    func apply(to parts: inout TokenizerParts) {
        if let flag = config["clean_up_tokenization_spaces"]?.flag { parts.cleansText = flag }
        for (key, path) in [
            ("pad_token", \TokenizerParts.Names.pad), ("cls_token", \.cls), ("sep_token", \.sep),
            ("mask_token", \.mask),
        ] {
            if let token = namedTokens[key] { parts.names[keyPath: path] = token.content }
        }
        for (token, id) in addedTokens { parts.addIfNew(token, id: id) }
        for token in Self.keys.compactMap({ namedTokens[$0] }) + extraTokens {
            parts.addIfNew(token)
        }
    }

    private mutating func readNames(_ json: JSONValue) {
        for key in Self.keys {
            if let token = json[key].flatMap(Self.special) { namedTokens[key] = token }
        }
        // transformers 5.23 overlooks the first where special_tokens_map.json and added_tokens.json
        // stand together, and takes [ENC] for a plain word there; earlier versions did not.
        for key in ["additional_special_tokens", "extra_special_tokens"] {
            extraTokens += json[key]?.elements?.compactMap(Self.special) ?? []
        }
    }

    private static func special(_ json: JSONValue) -> AddedToken? {
        if let text = json.text { return AddedToken(text) }
        guard var token = AddedToken(json) else { return nil }
        token.isSpecial = true
        return token
    }

    /// `{"30522": {"content": "[DEC]", ...}}`
    private mutating func readAdded(_ json: JSONValue, path: String) throws {
        for member in json.members ?? [] {
            guard let id = UInt32(member.key), let token = AddedToken(member.value) else {
                throw TokenizerError(
                    code: .malformedFile,
                    message: "\(path) has an entry \"\(member.key)\" in \"added_tokens_decoder\" "
                        + "that is no id with a token; download it again.")
            }
            addedTokens.append((token, Int(id)))
        }
    }

    /// `{"[DEC]": 30522}`
    private mutating func readLegacy(_ json: JSONValue, path: String) throws {
        let special = Set((namedTokens.values + extraTokens).map(\.content.scalarValues))
        for member in json.members ?? [] {
            guard let id = member.value.unsigned else {
                throw TokenizerError(
                    code: .malformedFile,
                    message: "\(path) gives the token \"\(member.key)\" an id that is no whole "
                        + "number; download it again.")
            }
            let isSpecial = special.contains(member.key.scalarValues)
            let token = AddedToken(member.key, isSpecial: isSpecial, isNormalized: !isSpecial)
            addedTokens.append((token, id))
        }
    }
}

extension AddedToken {
    /// The object that `tokenizers` writes for a token; fields that are left out are false, but
    /// `normalized` is true for a token that is not special.
    init?(_ json: JSONValue) {
        guard let content = json["content"]?.text else { return nil }
        let isSpecial = json["special"]?.flag ?? false
        self.init(
            content, isSpecial: isSpecial,
            isNormalized: json["normalized"]?.flag ?? !isSpecial,
            isSingleWord: json["single_word"]?.flag ?? false,
            stripsLeft: json["lstrip"]?.flag ?? false,
            stripsRight: json["rstrip"]?.flag ?? false)
    }
}
