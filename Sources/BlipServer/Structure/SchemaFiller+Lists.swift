import BlipJSON

extension SchemaFiller {
    func array(_ items: Schema.Items, _ place: Place) async throws -> Filling {
        guard items.maximum > 0 else { return Filling(.array([]), 1, at: place.pointer) }
        switch items.schema {
        case .choice(let values) where values.count > 1:
            return try await selection(of: values, items, place)
        case .string(let range): return try await texts(range, items, place)
        case .object(let properties) where properties.contains(where: \.isSubject):
            return try await objects(items, place)
        default: return try await repeated(items, place)
        }
    }

    /// Which of a closed list are to be seen.
    private func selection(
        of values: [JSONValue], _ items: Schema.Items, _ place: Place
    ) async throws -> Filling {
        let values = values.uniqued
        let found = try await inOrder(values) { value in
            let question = FieldQuestion(
                name: FieldName(value.spoken), description: nil, subject: nil
            ).text(.whether)
            return try await picture.presence(of: value.spoken, question: question)
        }
        let order = values.indices.sorted { found[$0] > found[$1] }
        let seen = order.filter { found[$0] >= 0.5 }.count
        let count = min(
            max(seen, items.minimum), items.maximum, items.areUnique ? values.count : .max)
        let chosen = (0..<count).map { order[$0 % order.count] }
        return list(chosen.map { (values[$0], found[$0]) }, place)
    }

    private func texts(
        _ range: Schema.LengthRange, _ items: Schema.Items, _ place: Place
    ) async throws -> Filling {
        let wanted = min(items.maximum, max(items.minimum, Schema.Items.usualCount))
        var readings =
            if place.name.isDescriptions {
                try await descriptions(minimum: items.minimum)
            } else if place.name.isColors, picture.canAnswer {
                try await colors(place)
            } else if place.name.isThings {
                try await things(minimum: items.minimum, maximum: wanted)
            } else if picture.canAnswer, !place.name.isLabels, !place.name.words.isEmpty {
                try await answers(place)
            } else {
                try await picture.labels(minimum: items.minimum, maximum: wanted)
            }
        // What fits is kept; where that is too little, texts are cut.
        var texts = unique(readings, range, mayCut: false)
        if texts.count < items.minimum {
            readings = try await picture.labels(minimum: Limits.texts, maximum: Limits.texts)
            let more = unique(readings, range, mayCut: true)
            texts += more.filter { more in !texts.contains { $0.0 == more.0 } }
        }
        if texts.isEmpty, items.minimum > 0 {
            // No word is so long.
            let filling = try await string(range, place.item(0, of: items))
            texts = [(filling.value.text ?? "", filling.probability)]
        }
        if texts.count < items.minimum, !items.areUnique {
            texts = (0..<items.minimum).map { texts[$0 % texts.count] }
        }
        guard texts.count >= items.minimum else {
            throw place.refused("there are not so many words for the picture; ask for fewer")
        }
        return list(texts.prefix(wanted).map { (.string($0.0), $0.1) }, place)
    }

    /// Of each picture, and where that is too little, what is answered to general questions.
    private func descriptions(minimum: Int) async throws -> [Reading] {
        let captions = picture.captions
        return captions.count < minimum ? captions + (try await generalAnswers()) : captions
    }

    private func unique(
        _ readings: [Reading], _ range: Schema.LengthRange, mayCut: Bool
    ) -> [(String, Double)] {
        var seen: Set<String> = []
        return readings.compactMap { reading in
            guard mayCut || range.contains(reading.text), let text = reading.text.fitted(to: range),
                seen.insert(text).inserted
            else { return nil }
            return (text, reading.probability)
        }
    }

    /// Labels that are no colours.
    private func things(minimum: Int, maximum: Int) async throws -> [Reading] {
        let more = English.colors.count
        let labels = try await picture.labels(minimum: minimum + more, maximum: maximum + more)
        let things = labels.filter { !English.colors.contains($0.text) }
        let fitting = things.prefix { $0.probability >= 0.5 }.count
        return Array(things.prefix(min(maximum, max(fitting, minimum))))
    }

    /// What an answer names: "a dog and a cat".
    private func answers(_ place: Place) async throws -> [Reading] {
        let answer = try await picture.answer(to: question(place, .value))
        let parts = answer.text.replacing(" and ", with: ",").split(separator: ",")
        return parts.map { Reading(text: String($0.trimmed), probability: answer.probability) }
            .filter { !["no", "none", "nothing", ""].contains($0.text) }
    }

    private func colors(_ place: Place) async throws -> [Reading] {
        let ranked = try await picture.rank(English.colors, for: question(place, .value))
        let best = ranked.sorted { $0.probability > $1.probability }
        return best.prefix(1) + best.dropFirst().filter { $0.probability > 0.15 }
    }

    /// One object for each thing that is seen.
    private func objects(_ items: Schema.Items, _ place: Place) async throws -> Filling {
        let most = min(items.maximum, max(items.minimum, Schema.Items.usualObjectCount))
        var subjects = try await things(minimum: items.minimum, maximum: most)
        guard !subjects.isEmpty || items.minimum == 0 else {
            throw place.refused("there are no words for the picture")
        }
        if subjects.count < items.minimum {
            subjects = (0..<items.minimum).map { subjects[$0 % subjects.count] }
        }
        let fillings = try await inOrder(Array(subjects.enumerated())) { index, subject in
            try await fill(items.schema, place.item(index, of: items, subject))
        }
        return try joined(fillings, items, place)
    }

    /// As many as there must be, one at least where there may be one.
    private func repeated(_ items: Schema.Items, _ place: Place) async throws -> Filling {
        let count = min(max(items.minimum, 1), items.maximum)
        let fillings = try await inOrder(Array(0..<count)) { index in
            try await fill(items.schema, place.item(index, of: items))
        }
        return try joined(fillings, items, place)
    }

    private func joined(
        _ fillings: [Filling], _ items: Schema.Items, _ place: Place
    ) throws(ServiceError) -> Filling {
        var seen: Set<JSONValue> = []
        let kept = items.areUnique ? fillings.filter { seen.insert($0.value).inserted } : fillings
        guard kept.count >= items.minimum else {
            throw place.refused("the picture does not tell so many different ones; ask for fewer")
        }
        return Filling(.array(kept.map(\.value)), joining: kept)
    }

    private func list(_ values: [(JSONValue, Double)], _ place: Place) -> Filling {
        Filling(
            .array(values.map(\.0)),
            joining: values.enumerated().map { index, value in
                Filling(value.0, value.1, at: "\(place.pointer)/\(index)")
            })
    }
}

extension Schema.Property {
    /// Whether it names what its object is about.
    fileprivate var isSubject: Bool {
        guard case .string = schema else { return false }
        return FieldName(name).isNaming
    }
}

extension Array where Element: Hashable {
    fileprivate var uniqued: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
