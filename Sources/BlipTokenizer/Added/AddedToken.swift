/// A token that is found in the text before the text is cut into words, as special tokens are.
package struct AddedToken: Sendable, Hashable {
    /// How it is written.
    package var content: String
    /// `decode` leaves it out by default.
    package var isSpecial: Bool
    /// It is looked for in the normalized text, in its own normalized form.
    package var isNormalized: Bool
    /// It counts only where no letter or digit touches it.
    package var isSingleWord: Bool
    /// It takes the whitespace to its left with it.
    package var stripsLeft: Bool
    /// It takes the whitespace to its right with it.
    package var stripsRight: Bool

    /// By default a special token that is looked for in the text as it came, anywhere.
    ///
    /// - Parameters:
    ///   - content: how it is written.
    ///   - isSpecial: whether `decode` leaves it out by default.
    ///   - isNormalized: whether it is looked for in the normalized text.
    ///   - isSingleWord: whether it counts only where no letter or digit touches it.
    ///   - stripsLeft: whether it takes the whitespace to its left with it.
    ///   - stripsRight: whether it takes the whitespace to its right with it.
    package init(
        _ content: String, isSpecial: Bool = true, isNormalized: Bool = false,
        isSingleWord: Bool = false, stripsLeft: Bool = false, stripsRight: Bool = false
    ) {
        self.content = content
        self.isSpecial = isSpecial
        self.isNormalized = isNormalized
        self.isSingleWord = isSingleWord
        self.stripsLeft = stripsLeft
        self.stripsRight = stripsRight
    }
}
