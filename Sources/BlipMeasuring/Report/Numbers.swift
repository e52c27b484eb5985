import Foundation

/// A number with three significant digits, for people.
func significant(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "0" }
    let digits = max(0, 2 - Int(floor(log10(abs(value)))))
    return String(format: "%.\(min(digits, 6))f", value)
}

/// A share of 0 to 1 for people.
func percent(_ share: Double) -> String {
    // 99.96 % is not all.
    let text = String(format: "%.1f", 100 * share)
    return (text == "100.0" && share < 1 ? "> 99.9" : text) + " %"
}

/// A probability, or how far two are apart: what is small is not 0.
func probabilityText(_ value: Double) -> String {
    value < 0.0005 ? scientific(value) : String(format: "%.4f", value)
}

/// How far a cosine is from 1: forms of one model are so close that its own first digits tell nothing.
func distanceText(_ cosine: Double) -> String { scientific(1 - cosine) }

/// "3.1·10⁻⁷"; 0 for what is not above it.
private func scientific(_ value: Double) -> String {
    guard value > 0 else { return "0" }
    let parts = String(format: "%.1e", value).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return "\(value)" }
    return "\(parts[0])·\(powerOfTen(exponent))"
}

/// "10⁻⁷".
func powerOfTen(_ exponent: Int) -> String {
    let digits: [Character: Character] = [
        "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
        "8": "⁸", "9": "⁹",
    ]
    return "10" + String("\(exponent)".compactMap { digits[$0] })
}
