/// What walks over folders passed by, counted for whoever wonders.
struct LeftOut {
    enum Reason: Hashable {
        /// A picture's format that this program does not read.
        case format(String)
        /// A pipe, socket or device with a picture's name.
        case special
    }

    private var counts: [Reason: Int] = [:]

    mutating func add(_ reason: Reason) { counts[reason, default: 0] += 1 }

    mutating func add(_ other: LeftOut) { counts.merge(other.counts, uniquingKeysWith: +) }

    /// A sentence for each kind.
    var sentences: [String] {
        var formats: [(name: String, count: Int)] = []
        var special = 0
        for (reason, count) in counts {
            switch reason {
            case .format(let name): formats.append((name, count))
            case .special: special = count
            }
        }
        var sentences: [String] = []
        if !formats.isEmpty {
            let list = formats.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
                .map { "\($0.count) \($0.name)" }.joined(separator: ", ")
            sentences.append(
                "Left out, since this program does not read their formats: \(list). Convert them to "
                    + "JPEG or PNG.")
        }
        if special > 0 {
            sentences.append(
                "Left out, since they are no files but pipes, sockets or devices: \(special).")
        }
        return sentences
    }

    func tell() {
        for sentence in sentences { Terminal.note(sentence) }
    }
}
