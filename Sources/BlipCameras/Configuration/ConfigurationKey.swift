/// A key of the configuration's file: what may stand there, and what it is for. The table of keys checks files
/// and makes the JSON schema.
package struct ConfigurationKey: Sendable {
    package indirect enum Kind: Sendable {
        case text
        case boolean
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        /// `2s`, `500ms`, `1m`; a plain number is of seconds.
        case duration
        case choice([String])
        case texts
        /// A box `[x, y, width, height]` or corners `[[x, y], ...]`, as shares.
        case region
        /// Texts, or texts by label.
        case labels
        case section([ConfigurationKey])
        /// Sections by names that the user chooses.
        case named([ConfigurationKey])
    }

    package let name: String
    package let kind: Kind
    package let summary: String
    package let isRequired: Bool

    package init(_ name: String, _ kind: Kind, _ summary: String, isRequired: Bool = false) {
        self.name = name
        self.kind = kind
        self.summary = summary
        self.isRequired = isRequired
    }
}
