/// A key of an adapter's `alpha_pattern`, by which peft finds modules (`get_pattern_key`): a regular expression
/// for a module's name, or for what stands behind any of its dots.
///
/// Of such expressions, names with `.` for any character, and `^` before them for a whole name, are enough. Others
/// are not run: foreign ones can take for ever.
struct ModulePattern {
    private let isWhole: Bool
    private let characters: Substring

    /// `nil` for other expressions.
    init?(_ key: String) {
        isWhole = key.hasPrefix("^")
        characters = isWhole ? key.dropFirst() : key[...]
        guard characters.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." })
        else { return nil }
    }

    func matches(_ module: String) -> Bool {
        let end = module.suffix(characters.count)
        let rest = module.dropLast(characters.count)
        return end.count == characters.count
            && zip(characters, end).allSatisfy { $0 == "." || $0 == $1 }
            && (rest.isEmpty || rest.hasSuffix(".") && !isWhole)
    }
}
