import Foundation

/// A prompt's sentences, without what chat templates and clients put around them.
struct PromptText: Sendable {
    /// What the user says.
    private(set) var user: [String] = []
    /// What the system tells, and what the user tells the model to be.
    private(set) var system: [String] = []
    /// "Answer yes or no.", "Reply with 'open' or 'closed'.": the answers that are allowed.
    private(set) var closedList: [String] = []

    init(_ prompt: String, system: String = "") {
        var isSystem = false
        for line in Self.lines(prompt) {
            if let role = line.role { isSystem = role == "system" }
            for sentence in Self.sentences(line.text) {
                if isSystem || Self.tellsRole(sentence) {
                    self.system.append(sentence)
                } else {
                    user.append(sentence)
                    if closedList.isEmpty { closedList = Self.alternatives(in: sentence) }
                }
            }
        }
        self.system += Self.lines(system).flatMap { Self.sentences($0.text) }
    }

    /// The lines, without marks of templates, "Image 1:" and the bullets of lists.
    private static func lines(_ text: String) -> [(role: String?, text: String)] {
        let plain = ends(of: text).replacing(templateMark, with: "\n")
        return plain.split(whereSeparator: \.isNewline).map { line in
            var line = Substring(line).trimmed
            var role: String?
            while let match = line.prefixMatch(of: prefix), !match.0.isEmpty {
                if let name = match.role { role = name.lowercased() }
                line = line[match.range.upperBound...].trimmed
            }
            return (role, String(line))
        }
    }

    /// The beginning and the end, where a wish stands, of what is longer than prompts are.
    private static func ends(of text: String) -> String {
        guard text.utf8.count > 8_000 else { return text }
        return text.prefix(6_000) + "\n" + text.suffix(2_000)
    }

    private static func sentences(_ line: String) -> [String] {
        var sentences: [String] = []
        var sentence = ""
        var rest = line[...]
        while let character = rest.popFirst() {
            sentence.append(character)
            let ends =
                "。！？؟".contains(character)
                || "?!.;".contains(character) && rest.first?.isWhitespace ?? true
            if ends { sentences.append(take(&sentence)) }
        }
        sentences.append(take(&sentence))
        return sentences.filter { $0.contains { $0.isLetter || $0.isNumber } }
    }

    private static func take(_ sentence: inout String) -> String {
        defer { sentence = "" }
        return String(sentence[...].trimmed)
    }

    private static func tellsRole(_ sentence: String) -> Bool {
        sentence.lowercased().hasAnyPrefix(PromptWords.roles)
    }

    /// Quoted words, or yes and no, in a sentence about the answer.
    private static func alternatives(in sentence: String) -> [String] {
        let words = sentence.promptWords
        guard let first = words.first, PromptWords.answering.contains(first) else { return [] }
        let quoted = sentence.matches(of: quotation).map { String($0.1) }
        if quoted.count > 1 { return quoted }
        return words.contains("yes") && words.contains("no") ? ["yes", "no"] : []
    }

    // Regular expressions are not Sendable, though nothing in them changes.
    nonisolated(unsafe) private static let quotation = /["'“‘`]([^"'”’`]{1,40})["'”’`]/
    nonisolated(unsafe) private static let templateMark =
        /<\|[a-z_]+\|>|<\/?(?:image|img|s|start_of_turn|end_of_turn|start_of_image)>|\[\/?INST\]|\[img(?:-?\d+)?\]|<<\/?SYS>>/
        .ignoresCase()
    nonisolated(unsafe) private static let prefix =
        /(?:#{0,4}\s*\**(?<role>system|user|human|assistant|instruction|prompt|question|q)\**\s*[:：]\**|(?:image|picture|photo|img|frame|snapshot|bild|foto|imagen|imagem|immagine|afbeelding|zdjęcie|изображение|фото|图片|图像|画像|写真|이미지|사진)\s*#?\d*\s*[:：]|[-*•#>]+\s+|\(?\d{1,2}[.)]\s+|answer\s*[:：]\s*$|(?:system|user|assistant)$)/
        .ignoresCase()
}

extension Substring {
    /// Without white space at its ends.
    var trimmed: Substring {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}

extension String {
    /// Words in lower case; what stands between apostrophes is a word too: what, s.
    var promptWords: [String] {
        lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    func hasAnyPrefix(_ prefixes: some Sequence<String>) -> Bool {
        prefixes.contains { hasPrefix($0) }
    }

    func containsAny(_ parts: some Sequence<String>) -> Bool { parts.contains { contains($0) } }
}
