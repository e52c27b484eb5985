/// Which fields a caption is written into, and which words of people stay.
struct WritePlan: Sendable {
    let fields: [WordField]
    /// A person's words that keep the caption out.
    let kept: [String]

    /// - Parameters:
    ///   - caption: what is written.
    ///   - target: the file or sidecar that is written, as it is now; `nil` for one that is not there.
    ///   - reading: what the picture has in all.
    ///   - fields: those that the target takes.
    ///   - earlier: captions that this program wrote before, which are no person's words.
    init(
        _ caption: String, into target: FileWords?, _ reading: Reading, fields: [WordField],
        earlier: Set<String>, overwrites: Bool
    ) {
        let persons = { (group: [WordField]) -> [String] in
            if overwrites { return [] }
            return group.flatMap { field in reading.sources.compactMap { $0.text(field) } }
                .filter { $0 != caption && !earlier.contains($0) }
        }
        let (described, alternative) = (persons(WordField.descriptions), persons([.altText]))
        self.fields = fields.filter { field in
            (field == .altText ? alternative : described).isEmpty && target?.text(field) != caption
        }
        var seen: Set<String> = []
        kept = (described + alternative).filter { seen.insert($0).inserted }
    }
}
