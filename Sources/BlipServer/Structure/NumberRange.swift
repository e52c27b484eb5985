/// The numbers that a schema allows.
struct NumberRange: Sendable, Hashable {
    var isInteger = false
    var minimum = -Double.infinity
    var maximum = Double.infinity
    var excludesMinimum = false
    var excludesMaximum = false
    var multiple: Double?

    func contains(_ number: Double) -> Bool {
        guard number.isFinite, number >= minimum, number <= maximum else { return false }
        if excludesMinimum, number == minimum { return false }
        if excludesMaximum, number == maximum { return false }
        if isInteger, number != number.rounded() { return false }
        guard let multiple else { return true }
        let quotient = number / multiple
        return quotient.isFinite && quotient == quotient.rounded()
    }

    /// Numbers to choose among where an answer tells none that is allowed: 21 at most, from 0 or the
    /// nearest limit on.
    var candidates: [Double] {
        let step = multiple ?? 1
        let low = max(minimum, maximum < 0 ? maximum - 20 * step : 0)
        let first = (low / step).rounded(.up)
        var found = (0...21).map { (first + Double($0)) * step }
        // No step lies within: the range is narrower than that.
        if !isInteger, multiple == nil, maximum - low < 20 {
            found += (0...20).map { low + (maximum - low) * Double($0) / 20 }
        }
        let numbers = Set(found.filter(contains)).sorted()
        return Array(numbers.prefix(21))
    }

    /// 0 to 2, where no limits are told: Frigate leaves those of its threat level out, and then wants them kept.
    var asLevel: NumberRange {
        guard self == NumberRange(isInteger: isInteger) else { return self }
        return NumberRange(isInteger: isInteger, minimum: 0, maximum: 2)
    }

    /// The allowed number that is nearest to a share of the range, for what is said in 0 to 1.
    func nearest(toShare share: Double) -> Double? {
        let scale = maximum.isFinite && maximum > 1 ? maximum : 1
        let wanted = share * scale
        let rounded = (wanted * 10_000).rounded() / 10_000
        for number in [rounded, wanted.rounded()] where contains(number) { return number }
        return candidates.min { abs($0 - wanted) < abs($1 - wanted) }
    }
}
