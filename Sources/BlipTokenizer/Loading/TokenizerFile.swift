internal import BlipJSON

/// tokenizer.json, the file format of `tokenizers` 1.0: what of it makes a BERT tokenizer.
struct TokenizerFile {
    private(set) var parts: TokenizerParts
    private let path: String

    init(_ json: JSONValue, path: String) throws {
        self.path = path
        parts = TokenizerParts(source: path, vocabulary: [])
        guard let model = json["model"], model.members != nil else {
            throw malformed("has no object \"model\"")
        }
        let added = try json["added_tokens"].map(addedTokens) ?? []
        try readModel(model)
        for (token, id) in added { parts.add(token, id: id) }
        try readComponents(json)
    }

    /// The vocabulary and the added tokens alone; the rest is BERT's, with the folder's settings.
    init(vocabularyOf json: JSONValue, path: String, settings: TokenizerSettings) throws {
        self.path = path
        parts = TokenizerParts(source: path, vocabulary: [])
        guard let model = json["model"], model.members != nil else {
            throw malformed("has no object \"model\"")
        }
        try readVocabulary(model)
        let added = try json["added_tokens"].map(addedTokens) ?? []
        if !settings.listsAddedTokens { for (token, id) in added { parts.add(token, id: id) } }
        settings.applyNormalization(to: &parts)
    }

    private mutating func readVocabulary(_ model: JSONValue) throws {
        // Old files do not say the type.
        if let type = model["type"], type.text != "WordPiece" {
            throw unsupported("model", type)
        }
        guard let members = model["vocab"]?.members else {
            throw malformed("has no object \"vocab\" in \"model\"")
        }
        parts.vocabulary = try vocabulary(members)
    }

    private mutating func readModel(_ model: JSONValue) throws {
        try readVocabulary(model)
        parts.names.unk = try text(model, "unk_token") ?? parts.names.unk
        parts.prefix = try text(model, "continuing_subword_prefix") ?? parts.prefix
        if let length = model["max_input_chars_per_word"] {
            guard let length = length.unsigned else {
                throw malformed("has a \"max_input_chars_per_word\" that is no whole number")
            }
            parts.maximumWordLength = length
        }
    }

    private func vocabulary(_ members: [JSONValue.Member]) throws -> [String] {
        var tokens = [String?](repeating: nil, count: members.count)
        for member in members {
            guard let id = member.value.unsigned else {
                throw malformed("gives the token \"\(member.key)\" an id that is no whole number")
            }
            guard id < tokens.count else {
                throw invalid(
                    "gives the token \"\(member.key)\" the id \(id), though \(tokens.count) "
                        + "tokens leave no room for it")
            }
            if let other = tokens[id] {
                throw invalid("gives both \"\(other)\" and \"\(member.key)\" the id \(id)")
            }
            tokens[id] = member.key
        }
        return tokens.compactMap(\.self)
    }

    private func addedTokens(_ list: JSONValue) throws -> [(AddedToken, Int)] {
        guard let elements = list.elements else {
            throw malformed("has \"added_tokens\" that are no list")
        }
        return try elements.map { element in
            guard let token = AddedToken(element), let id = element["id"]?.unsigned else {
                throw malformed("has an added token without \"content\" or \"id\"")
            }
            return (token, id)
        }
    }

    private mutating func readComponents(_ json: JSONValue) throws {
        if let normalizer = component(json, "normalizer") {
            guard normalizer["type"]?.text == "BertNormalizer" else {
                throw unsupported("normalizer", normalizer["type"])
            }
            let flags = BertNormalizer()
            parts.normalizer = BertNormalizer(
                cleansText: try flag(normalizer, "clean_text") ?? flags.cleansText,
                spacesChineseCharacters: try flag(normalizer, "handle_chinese_chars")
                    ?? flags.spacesChineseCharacters,
                stripsAccents: try flag(normalizer, "strip_accents"),
                lowercases: try flag(normalizer, "lowercase") ?? flags.lowercases)
        }
        if let splitter = component(json, "pre_tokenizer"),
            splitter["type"]?.text != "BertPreTokenizer"
        {
            throw unsupported("pre_tokenizer", splitter["type"])
        }
        if let decoder = component(json, "decoder") {
            guard decoder["type"]?.text == "WordPiece" else {
                throw unsupported("decoder", decoder["type"])
            }
            parts.decoderPrefix = try text(decoder, "prefix") ?? parts.decoderPrefix
            parts.cleansPieces = try flag(decoder, "cleanup") ?? parts.cleansPieces
        }
        if let processor = component(json, "post_processor") {
            parts.template = try template(processor)
        }
    }

    private func template(_ processor: JSONValue) throws -> (before: [String], after: [String]) {
        switch processor["type"]?.text {
        case "BertProcessing":
            guard let cls = processor["cls"]?.elements?.first?.text,
                let sep = processor["sep"]?.elements?.first?.text
            else { throw malformed("has a \"post_processor\" without \"cls\" or \"sep\"") }
            return ([cls], [sep])
        case "TemplateProcessing":
            let pieces = processor["single"]?.elements ?? []
            let names = pieces.map { $0["SpecialToken"]?["id"]?.text }
            guard let text = pieces.firstIndex(where: { $0["Sequence"] != nil }),
                names.count(where: { $0 == nil }) == 1
            else { throw malformed("has a \"post_processor\" whose \"single\" is no template") }
            return (names[..<text].compactMap(\.self), names[text...].compactMap(\.self))
        default: throw unsupported("post_processor", processor["type"])
        }
    }

    /// A part that is there; BERT's own takes the place of one that is missing or null.
    private func component(_ json: JSONValue, _ key: String) -> JSONValue? {
        json[key].flatMap { $0.isNull ? nil : $0 }
    }

    private func text(_ json: JSONValue, _ key: String) throws -> String? {
        guard let value = component(json, key) else { return nil }
        guard let text = value.text else { throw malformed("has a \"\(key)\" that is no text") }
        return text
    }

    private func flag(_ json: JSONValue, _ key: String) throws -> Bool? {
        guard let value = component(json, key) else { return nil }
        guard let flag = value.flag else {
            throw malformed("has a \"\(key)\" that is neither true nor false")
        }
        return flag
    }

    private func malformed(_ fault: String) -> TokenizerError {
        TokenizerError(code: .malformedFile, message: "\(path) \(fault); download it again.")
    }

    private func invalid(_ fault: String) -> TokenizerError {
        TokenizerError(code: .invalidVocabulary, message: "\(path) \(fault); download it again.")
    }

    private func unsupported(_ part: String, _ type: JSONValue?) -> TokenizerError {
        TokenizerError(
            code: .unsupported,
            message: "\(path) has a \(part) of the type \"\(type?.text ?? "unknown")\", which is "
                + "not BERT's; take the checkpoint's own tokenizer, or vocab.txt alone.")
    }
}

extension JSONValue {
    /// A whole number from 0 up of at most 32 bits, as the reference's ids are.
    var unsigned: Int? { integer.flatMap(UInt32.init(exactly:)).map(Int.init) }
}
