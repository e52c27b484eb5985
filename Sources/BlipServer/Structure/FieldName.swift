/// A property's name as words: `frontDoor_isOpen` is "front door is open".
struct FieldName: Sendable, Hashable {
    var words: [String]

    init(_ name: String) {
        let characters = Array(name)
        var words: [String] = []
        var word = ""
        for (index, character) in characters.enumerated() {
            let isWord = character.isLetter || character.isNumber || character == "'"
            let last = index > 0 ? characters[index - 1] : " "
            let next = index + 1 < characters.count ? characters[index + 1] : " "
            // "isThereADog" has a word of one letter, "theURL" one of capitals.
            let begins = character.isUppercase && (last.isLowercase || next.isLowercase)
            if !isWord || begins {
                words.append(word)
                word = ""
            }
            if isWord { word += character.lowercased() }
        }
        self.words = (words + [word]).filter { !$0.isEmpty }
    }

    init(words: [String]) { self.words = words }

    var text: String { words.joined(separator: " ") }
    var last: String { words.last ?? "" }

    /// Whether it has one of some words.
    func has(_ set: Set<String>) -> Bool { words.contains(where: set.contains) }

    func without(_ set: Set<String>) -> FieldName {
        FieldName(words: words.filter { !set.contains($0) })
    }
}

/// Enough of English to ask of things by name.
enum English {
    private static let irregular = [
        "person": "people", "man": "men", "woman": "women", "child": "children", "mouse": "mice",
        "foot": "feet", "tooth": "teeth", "goose": "geese", "knife": "knives", "leaf": "leaves",
        "wolf": "wolves", "shelf": "shelves", "sheep": "sheep", "fish": "fish", "deer": "deer",
        "bus": "buses", "octopus": "octopuses", "glass": "glasses",
    ]

    static let colors = [
        "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white",
        "gray",
    ]

    static func isPlural(_ noun: String) -> Bool {
        if irregular.keys.contains(noun) { return false }
        return irregular.values.contains(noun)
            || noun.hasSuffix("s") && !["ss", "us", "is"].contains(noun.suffix(2))
    }

    static func plural(_ noun: String) -> String {
        guard !isPlural(noun) else { return noun }
        let parts = noun.split(separator: " ").map(String.init)
        guard let last = parts.last else { return noun }
        return (parts.dropLast() + [irregular[last] ?? regularPlural(last)]).joined(separator: " ")
    }

    static func singular(_ noun: String) -> String {
        if let one = irregular.first(where: { $0.value == noun })?.key { return one }
        guard isPlural(noun) else { return noun }
        if noun.hasSuffix("ies"), noun.count > 4 { return noun.dropLast(3) + "y" }
        let hisses = ["ches", "shes", "xes", "sses", "zes", "oes"].contains { noun.hasSuffix($0) }
        return String(noun.dropLast(hisses ? 2 : 1))
    }

    static func withArticle(_ noun: String) -> String {
        guard let first = noun.first else { return noun }
        return ("aeiou".contains(first) ? "an " : "a ") + noun
    }

    private static func regularPlural(_ noun: String) -> String {
        if noun.hasSuffix("y"), let before = noun.dropLast().last, !"aeiou".contains(before) {
            return noun.dropLast() + "ies"
        }
        let hisses = ["s", "x", "z", "ch", "sh"].contains { noun.hasSuffix($0) }
        return noun + (hisses ? "es" : "s")
    }
}
