/// Numbers in answers: "4", "four", "twenty-one", "about 3.5 m", "none".
package enum NumberWords {
    package static func number(in text: String) -> Double? {
        var sum: Double?
        for word in text.lowercased().split(whereSeparator: { " -,".contains($0) }) {
            if let digits = Double(word), digits.isFinite { return digits }
            if let value = values[String(word)] {
                guard let before = sum else {
                    sum = value
                    continue
                }
                // Twenty one, but not two three.
                guard before >= 20, value < 10 else { break }
                return before + value
            } else if word == "hundred" {
                return (sum ?? 1) * 100
            } else if sum != nil {
                break
            }
        }
        return sum
    }

    private static let values: [String: Double] = {
        let small = [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
            "eighteen", "nineteen",
        ]
        let tens = [
            "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
        ]
        var values: [String: Double] = ["no": 0, "none": 0, "nobody": 0, "nothing": 0, "dozen": 12]
        for (index, word) in small.enumerated() { values[word] = Double(index) }
        for (index, word) in tens.enumerated() { values[word] = Double(20 + 10 * index) }
        return values
    }()
}
