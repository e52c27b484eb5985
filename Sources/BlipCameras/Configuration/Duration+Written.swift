extension Duration {
    /// A time as people write it: `500ms`, `2s`, `1m`, `1h`; a plain number is of seconds. `nil` for what is none,
    /// and for more than a day.
    package init?(written text: String) {
        guard let match = text.wholeMatch(of: /([0-9]+(?:\.[0-9]+)?)\s*(ms|s|m|h)?/),
            let number = Double(match.1)
        else { return nil }
        let unit =
            switch match.2 {
            case "ms": 0.001
            case "m": 60.0
            case "h": 3_600.0
            default: 1.0
            }
        guard number * unit <= 86_400 else { return nil }
        self = .milliseconds(Int64((number * unit * 1_000).rounded()))
    }
}
