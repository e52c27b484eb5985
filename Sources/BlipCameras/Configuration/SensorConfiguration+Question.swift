/// What is wrong with a value; begins with a verb.
package struct ConfigurationComplaint: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

extension SensorConfiguration.Question {
    /// - Throws: where no question, or more than one, is asked.
    init(_ section: ConfigurationSection) throws(ConfigurationComplaint) {
        let type = section.text("type")
        let ask = section.text("ask")
        let labels = section.labels("match")
        let states = section.texts("states")
        let answers = section.texts("answers")
        let given = [
            ask != nil, labels != nil, states != nil, type == "caption",
        ].filter(\.self).count
        guard given == 1 else {
            throw ConfigurationComplaint(
                given == 0
                    ? "asks nothing; give it ask, match, states, or type: caption."
                    : "asks in several ways; keep one of ask, match, states and type: caption.")
        }
        if let labels {
            guard !labels.isEmpty, labels.allSatisfy({ !$0.state.isEmpty && !$0.text.isEmpty })
            else {
                throw ConfigurationComplaint(".match is empty; write a text, or several.")
            }
            try Self.check(labels.map(\.state), of: "match")
            self = .match(labels)
        } else if let states {
            try Self.check(states, of: "states", count: 2)
            self = .taught(states)
        } else if type == "caption" {
            self = .caption(prompt: section.text("prompt") ?? "")
        } else {
            try self.init(ask: ask ?? "", answers: answers, type: type)
        }
    }

    /// What kind of answer a question wants: what the type says, or the answers, or its first word.
    package init(
        ask: String, answers: [String]?, type: String? = nil
    ) throws(ConfigurationComplaint) {
        guard ask.contains(where: \.isLetter) else {
            throw ConfigurationComplaint(".ask has no word; write a question.")
        }
        if let answers {
            guard type == nil || type == "choice" else {
                throw ConfigurationComplaint(".answers go with type: choice only; leave one out.")
            }
            try Self.check(answers, of: "answers", count: 2)
            self = .choice(ask, answers: answers)
            return
        }
        switch type {
        case "yes_no": self = .yesNo(ask)
        case "number": self = .number(ask)
        case "answer": self = .answer(ask)
        case "choice":
            throw ConfigurationComplaint(".answers are missing, which type: choice needs.")
        default:
            let words = ask.lowercased().split { !$0.isLetter }
            if let first = words.first, Self.askingYesOrNo.contains(String(first)) {
                self = .yesNo(ask)
            } else if words.starts(with: ["how", "many"]) {
                self = .number(ask)
            } else {
                self = .answer(ask)
            }
        }
    }

    private static func check(
        _ states: [String], of key: String, count: Int = 1
    ) throws(ConfigurationComplaint) {
        guard states.count >= count, Set(states).count == states.count,
            states.allSatisfy({ !$0.isEmpty })
        else {
            throw ConfigurationComplaint(
                ".\(key) wants \(count == 1 ? "texts" : "two or more"), all different.")
        }
        guard !states.contains(CameraEvent.unknown) else {
            throw ConfigurationComplaint(
                ".\(key) has \(CameraEvent.unknown), the state where nothing is likely enough; choose another "
                    + "word.")
        }
    }

    private static let askingYesOrNo: Set<String> = [
        "is", "are", "was", "were", "does", "do", "did", "has", "have", "can", "could", "will",
        "isn",
        "aren",
    ]
}
