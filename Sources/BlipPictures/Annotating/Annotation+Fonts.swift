internal import CPango

extension Annotation {
    /// The characters of its texts that no font of this machine has, each once, in their order. Figures show
    /// boxes in their place.
    package var charactersWithoutFont: [Character] {
        var seen: Set<Character> = []
        return ([title] + lines.flatMap { [$0.question, $0.answer] })
            .flatMap(PangoMarkup.visible).filter { character in
                seen.insert(character).inserted
                    && cpango_unknown_glyphs(String(character), TextBlock.Style.family) > 0
            }
    }
}
