import BLIP
import BlipJSON

/// Fills a schema with what a picture shows. Questions run at the same time, so that they share batches.
struct SchemaFiller<Picture: PictureReading> {
    let picture: Picture
    /// The question beside the schema, for a value that is only called the answer.
    var asked: String?

    /// Where a value is to be, and what is known of it.
    struct Place: Sendable {
        /// The value's JSON pointer.
        var pointer = ""
        var name = FieldName(words: [])
        var description: String?
        /// What an object of a list is about.
        var subject: Reading?

        var question: FieldQuestion {
            FieldQuestion(name: name, description: description, subject: subject?.text)
        }

        func member(_ property: Schema.Property) -> Place {
            var place = self
            place.pointer += "/" + property.name.pointerEscaped
            place.name = FieldName(property.name)
            place.description = property.description
            return place
        }

        func item(_ index: Int, of items: Schema.Items, _ subject: Reading? = nil) -> Place {
            var place = self
            place.pointer += "/\(index)"
            place.description = items.description ?? description
            place.subject = subject ?? self.subject
            return place
        }

        func refused(_ why: String) -> ServiceError {
            ServiceError(
                .badRequest, "schema_unsupported",
                "The value at \(pointer.isEmpty ? "/" : pointer) cannot be given: \(why)")
        }
    }

    func question(_ place: Place, _ kind: FieldQuestion.Kind) -> String {
        if let asked, place.description == nil, place.name.isAnswer { return asked }
        return place.question.text(kind)
    }

    func fill(_ described: DescribedSchema) async throws -> Filling {
        try await fill(described.schema, Place(description: described.description))
    }

    func fill(_ schema: Schema, _ place: Place) async throws -> Filling {
        switch schema {
        case .object(let properties): try await object(properties, place)
        case .array(let items): try await array(items, place)
        case .choice(let values): try await choice(values, place)
        case .boolean: try await boolean(place)
        case .number(let range): try await number(range, place)
        case .string(let range): try await string(range, place)
        }
    }

    private func object(_ properties: [Schema.Property], _ place: Place) async throws -> Filling {
        let seen = properties.filter { !$0.isConfidence }
        let filled = try await inOrder(seen) { try await fill($0.schema, place.member($0)) }
        // What a model says of its own confidence is what it is.
        let confidence: Double =
            if let subject = place.subject {
                subject.probability
            } else if filled.isEmpty {
                picture.caption.probability
            } else {
                filled.reduce(0) { $0 + $1.probability } / Double(filled.count)
            }
        var rest = filled[...]
        let fillings = properties.map { property in
            guard property.isConfidence, case .number(let range) = property.schema,
                let number = range.nearest(toShare: confidence)
            else { return rest.removeFirst() }
            return Filling(.of(number), confidence, at: place.member(property).pointer)
        }
        return Filling(
            .object(
                zip(properties, fillings).map { .init(key: $0.name, value: $1.value) }),
            joining: fillings)
    }

    private func choice(_ values: [JSONValue], _ place: Place) async throws -> Filling {
        if values.count == 1, let only = values.first { return Filling(only, 1, at: place.pointer) }
        let texts = values.map(\.spoken)
        let ranked = try await picture.rank(texts, for: question(place, .value))
        let best = ranked.indices.max { ranked[$0].probability < ranked[$1].probability } ?? 0
        return Filling(values[best], ranked[best].probability, at: place.pointer)
    }

    private func boolean(_ place: Place) async throws -> Filling {
        let ranked = try await picture.rank(["yes", "no"], for: question(place, .whether))
        let isTrue = ranked[0].probability >= ranked[1].probability
        return Filling(.bool(isTrue), ranked[isTrue ? 0 : 1].probability, at: place.pointer)
    }

    private func number(_ range: NumberRange, _ place: Place) async throws -> Filling {
        let range = place.name.last == "level" ? range.asLevel : range
        let question = question(place, .number)
        let answer = try await picture.answer(to: question)
        if let number = NumberWords.number(in: answer.text), range.contains(number) {
            return Filling(.of(number), answer.probability, at: place.pointer)
        }
        let candidates = range.candidates
        let ranked = try await picture.rank(
            candidates.map { JSONValue.of($0).spoken }, for: question)
        let best = ranked.indices.max { ranked[$0].probability < ranked[$1].probability } ?? 0
        return Filling(.of(candidates[best]), ranked[best].probability, at: place.pointer)
    }
}

extension Schema.Property {
    /// Whether it is a number that tells how sure the others are.
    fileprivate var isConfidence: Bool {
        guard case .number(let range) = schema else { return false }
        let names: Set<String> = [
            "confidence", "probability", "certainty", "score", "topicality", "relevance",
            "likelihood",
        ]
        return FieldName(name).has(names) && range.nearest(toShare: 0.5) != nil
    }
}
