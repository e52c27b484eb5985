/// Finds aliases in YAML before it is read: a few lines of them, each a list of the one before, stand for more than any
/// machine holds.
enum YAMLAliases {
    /// The first alias, and its line; `nil` where there is none.
    ///
    /// It may be wrong about words in quotes, but only where they have `&name` as well as `*name`.
    static func first(in yaml: String) -> (name: Substring, line: Int)? {
        // Where a value begins there is no letter before it.
        let anchors = Set(yaml.matches(of: /(^|[^A-Za-z0-9])&([A-Za-z0-9_\-]+)/).map(\.2))
        guard !anchors.isEmpty,
            let alias = yaml.matches(of: /(^|[^A-Za-z0-9])\*([A-Za-z0-9_\-]+)/)
                .first(where: { anchors.contains($0.2) })
        else { return nil }
        let before = yaml[..<alias.2.startIndex]
        return (alias.2, 1 + before.count(where: \.isNewline))
    }
}
