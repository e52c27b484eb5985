/// The question about a picture that a property's name and description stand for.
struct FieldQuestion: Sendable {
    let name: FieldName
    /// As the schema has it.
    let description: String?
    /// What an object of a list is about: "dog".
    let subject: String?

    /// The question that the description is, says, or leaves to the name.
    func text(_ kind: Kind) -> String {
        if let description, let asked = asked(description, kind) { return asked }
        switch kind {
        case .whether: return whether
        case .number: return isCount ? "how many \(counted) are there?" : value
        case .value: return value
        }
    }

    enum Kind: Sendable { case whether, number, value }

    /// Whether a number of things is meant, and not an age or a level.
    var isCount: Bool {
        let plural = English.isPlural(name.last) && !name.has(Self.measures)
        return name.has(Self.countWords) || plural
            || FieldName(description ?? "").has(Self.countWords)
    }

    private func asked(_ description: String, _ kind: Kind) -> String? {
        let sentence = description.split(whereSeparator: { ".;\n(".contains($0) }).first.map(
            String.init)
        guard let sentence, sentence.promptWords.count <= 16 else { return nil }
        if let mark = description.firstIndex(of: "?") {
            return String(description[...mark]).lowercasedFirst
        }
        let words = sentence.promptWords
        switch kind {
        case .whether: return Self.whether(words)
        case .number:
            guard let start = words.firstIndex(of: "of"),
                words[..<start].contains(where: Self.countWords.contains)
            else { return nil }
            return question(ofCounted: Array(words[(start + 1)...]))
        case .value:
            guard let start = words.firstIndex(of: "of"),
                words[..<start].contains(where: Self.colors.contains), words.count > start + 1
            else { return nil }
            return "what color is \(words[(start + 1)...].joined(separator: " "))?"
        }
    }

    /// "Whether the door is open": "is the door open?"
    private static func whether(_ words: [String]) -> String? {
        var words = words[...]
        if words.starts(with: ["true", "if"]) { words = words.dropFirst(2) }
        if words.first == "whether" || words.first == "if" { words = words.dropFirst() }
        guard let verb = words.firstIndex(where: verbs.contains), verb > words.startIndex else {
            return nil
        }
        let others = words[..<verb] + words[(verb + 1)...]
        return "\(words[verb]) \(others.joined(separator: " "))?"
    }

    private func question(ofCounted words: [String]) -> String {
        let things = words.prefix {
            !["in", "on", "that", "visible", "shown", "present"].contains($0)
        }
        .drop { ["the", "all", "any", "different"].contains($0) }
        guard !things.isEmpty else { return "how many objects are there?" }
        return "how many \(English.plural(things.joined(separator: " "))) are there?"
    }

    private var whether: String {
        let words = name.words
        guard let first = words.first else { return "is this true?" }
        let rest = Array(words.dropFirst())
        switch first {
        case "is" where rest.first == "there", "are" where rest.first == "there":
            return existence(of: Array(rest.dropFirst()))
        case "is", "are", "was", "were":
            guard rest.count > 1 else {
                return "\(first) \(pronoun) \(rest.joined(separator: " "))?"
            }
            return "\(first) the \(rest.joined(separator: " "))?"
        case "has", "have", "contains", "contain", "shows", "includes", "with":
            return existence(of: rest)
        default:
            if Self.presence.contains(name.last), words.count > 1 {
                return existence(of: words.dropLast().filter { !["is", "are"].contains($0) })
            }
            if let verb = words.firstIndex(where: Self.verbs.contains), verb > 0 {
                return Self.whether(words).map { $0.replacingFirst("is ", "is the ") }
                    ?? existence(of: words)
            }
            return existence(of: words)
        }
    }

    private func existence(of words: [String]) -> String {
        let words = words.filter { !["a", "an", "any"].contains($0) }
        let noun = words.isEmpty ? "anything" : words.joined(separator: " ")
        if English.isPlural(words.last ?? "") { return "are there \(noun)?" }
        return "is there \(words.isEmpty ? noun : English.withArticle(noun))?"
    }

    private var counted: String {
        let things = name.without(Self.countWords.union(["of", "visible", "detected", "n"])).words
        return English.plural(things.isEmpty ? subject ?? "object" : things.joined(separator: " "))
    }

    private var value: String {
        let rest = name.without(Self.colors)
        if rest.words.count < name.words.count {
            let plain = rest.without(Self.generic)
            return
                "what color is the \(plain.words.isEmpty ? subject ?? "background" : plain.text)?"
        }
        if name.has(Self.places) {
            return subject.map { "where is the \($0)?" } ?? "where is this?"
        }
        if Self.things.contains(name.last) { return "what is in the picture?" }
        if Self.actions.contains(name.last) {
            return subject.map { "what is the \($0) doing?" } ?? "what is happening?"
        }
        if name.text == "time of day" { return "what time of day is it?" }
        if name.words.count == 1, Self.classes.contains(name.text) {
            return "what \(name.text) is this?"
        }
        let description = (description ?? "").promptWords
        // A few words of what it is say more than a name does.
        if (2...8).contains(description.count), !["a", "an", "list"].contains(description[0]) {
            let article = description[0] == "the" ? "" : "the "
            return "what is \(article)\(description.joined(separator: " "))?"
        }
        let verb = English.isPlural(name.last) ? "are" : "is"
        return "what \(verb) the \(name.text)\(subject.map { " of the \($0)" } ?? "")?"
    }

    private var pronoun: String { subject.map { "the \($0)" } ?? "it" }

    private static let countWords: Set<String> = [
        "count", "counts", "number", "num", "nr", "total", "amount", "quantity", "many",
    ]
    private static let measures: Set<String> = ["status", "class", "series", "stars", "degrees"]
    private static let colors: Set<String> = ["color", "colour", "colors", "colours"]
    private static let generic: Set<String> = ["main", "dominant", "primary", "of", "the"]
    private static let places: Set<String> = ["location", "place", "where", "position", "setting"]
    private static let things: Set<String> = [
        "object", "objects", "subject", "subjects", "thing", "things", "item", "items", "content",
    ]
    private static let actions: Set<String> = [
        "action", "activity", "event", "actions", "activities",
    ]
    private static let classes: Set<String> = [
        "animal", "breed", "sport", "food", "fruit", "room", "vehicle", "season", "weather",
        "brand",
        "bird", "flower", "city", "country", "language", "game", "drink", "shape", "material",
        "year",
    ]
    private static let presence: Set<String> = [
        "present", "visible", "detected", "found", "seen", "exists", "shown", "there",
    ]
    private static let verbs: Set<String> = [
        "is", "are", "was", "were", "has", "can", "does", "do",
    ]
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }

    fileprivate func replacingFirst(_ part: String, _ other: String) -> String {
        hasPrefix(part) ? other + dropFirst(part.count) : self
    }
}
