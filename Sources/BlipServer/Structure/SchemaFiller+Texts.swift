import BlipJSON

extension SchemaFiller {
    /// Characters; no text of a longer minimum is written.
    static var longestDemanded: Int { 400 }

    func string(_ range: Schema.LengthRange, _ place: Place) async throws -> Filling {
        let reading = try await text(range, place)
        guard let fitting = reading.text.fitted(to: range) else {
            throw place.refused(
                "the model writes no text of \(range.minimum) characters; ask for a shorter one")
        }
        return Filling(.string(fitting), reading.probability, at: place.pointer)
    }

    /// The first of the texts that fit what is asked that is long enough.
    private func text(_ range: Schema.LengthRange, _ place: Place) async throws -> Reading {
        let first = try await wanted(place)
        guard first.text.unicodeScalars.count < range.minimum else { return first }
        let caption = picture.caption
        guard caption.text.unicodeScalars.count < range.minimum else { return caption }
        let labels = try await picture.labels(minimum: 0, maximum: 10)
        let text = ([caption.text] + labels.map(\.text)).joined(separator: ", ")
        let long =
            text.unicodeScalars.count >= range.minimum
            ? text : try await lengthened(text, to: range.minimum)
        return Reading(text: long, probability: caption.probability)
    }

    /// With answers to general questions, and then, up to what clients that write reports demand, said again.
    private func lengthened(_ text: String, to minimum: Int) async throws -> String {
        guard minimum <= Self.longestDemanded else { return text }
        let once = ([text] + (try await generalAnswers()).map(\.text)).joined(separator: ". ")
        var long = once
        while long.unicodeScalars.count < minimum { long += ". " + once }
        return long
    }

    /// General questions with their answers, which say what a description leaves out.
    func generalAnswers() async throws -> [Reading] {
        guard picture.canAnswer else { return [] }
        let questions = ["where is this?", "what is happening?", "what is in the background?"]
        let answers = try await inOrder(questions) { try await picture.answer(to: $0) }
        return zip(questions, answers).filter { !$1.text.isBlank }.map { question, answer in
            Reading(text: "\(question) \(answer.text)", probability: answer.probability)
        }
    }

    private func wanted(_ place: Place) async throws -> Reading {
        let name = place.name
        if let subject = place.subject, name.isNaming { return subject }
        if name.isLabels {
            let labels = try await picture.labels(minimum: 1, maximum: 10)
            return Reading(
                text: labels.map(\.text).joined(separator: ", "),
                probability: labels.first?.probability ?? 1)
        }
        let isAsked = asked != nil && name.isAnswer
        if !picture.canAnswer || place.subject == nil && name.isDescription && !isAsked {
            return picture.caption
        }
        let answer = try await picture.answer(to: question(place, .value))
        return answer.text.isBlank ? picture.caption : answer
    }
}

extension FieldName {
    /// Whether it names what an object is about.
    var isNaming: Bool {
        ["name", "label", "tag", "object", "keyword", "title", "class", "item", "category"]
            .contains(last)
    }

    var isLabels: Bool {
        let names: Set<String> = [
            "tags", "labels", "keywords", "hashtags", "objects", "items", "things", "subjects",
            "categories", "elements", "concepts", "topics",
        ]
        return names.contains(last)
    }

    /// Whether it names what can be counted, and no colours or moods.
    var isThings: Bool {
        let names: Set<String> = ["objects", "items", "things", "subjects", "elements", "labels"]
        return names.contains(last)
    }

    /// Whether the picture as a whole is to be described; so is what has no name.
    var isDescription: Bool {
        let names: Set<String> = [
            "description", "caption", "summary", "scene", "title", "text", "alt", "alttext",
            "headline", "overview", "details", "detail", "explanation", "narrative", "reasoning",
            "analysis",
            "observation", "observations", "result", "answer", "response", "content", "message",
            "output",
            "comment", "notes", "short", "reason", "thinking",
        ]
        return words.isEmpty || names.contains(last)
    }

    /// Whether each picture is to be described.
    var isDescriptions: Bool {
        ["observations", "descriptions", "captions", "events", "sentences", "scenes", "steps"]
            .contains(last)
    }

    /// Whether it is called nothing but the answer.
    var isAnswer: Bool {
        words.isEmpty
            || ["answer", "result", "response", "value", "output", "reply"].contains(last)
    }

    var isColors: Bool { ["colors", "colours", "palette"].contains(last) }
}

extension String {
    /// The text, shortened by words where it is too long; `nil` where it is too short.
    func fitted(to range: Schema.LengthRange) -> String? {
        guard unicodeScalars.count > range.maximum else { return range.contains(self) ? self : nil }
        var kept = unicodeScalars.prefix(range.maximum)
        if unicodeScalars.dropFirst(range.maximum).first != " ",
            let space = kept.lastIndex(of: " "),
            kept[..<space].count >= max(range.minimum, range.maximum / 2)
        {
            kept = kept[..<space]
        }
        return String(String.UnicodeScalarView(kept))
    }
}
