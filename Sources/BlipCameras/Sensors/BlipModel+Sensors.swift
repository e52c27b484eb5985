package import BLIP
import Foundation

extension BlipModel {
    /// Asks a standing question about a look. Calls of other cameras share its batches.
    nonisolated func answer(
        _ question: SensorConfiguration.Question, about image: EncodedImage
    ) async throws -> Answer {
        switch question {
        case .yesNo(let text): try await ranked(["yes", "no"], text, image)
        case .choice(let text, let answers): try await ranked(answers, text, image)
        case .number(let text):
            try await written(answer(text, about: image)) { text in
                NumberWords.number(in: text).map(Self.digits)
            }
        case .answer(let text): try await written(answer(text, about: image)) { $0 }
        case .caption(let prompt): try await written(caption(image, prompt: prompt)) { $0 }
        case .match(let labels): try await matched(labels, image)
        // Those that were taught have a classifier; before that nothing is known.
        case .taught: Answer(state: CameraEvent.unknown, probability: nil, timings: .init())
        }
    }

    /// What a standing question needs of a checkpoint.
    package static func task(for question: SensorConfiguration.Question) -> BlipTask? {
        switch question {
        case .yesNo, .choice, .number, .answer: .answer
        case .caption: .caption
        case .match: .match
        case .taught: nil
        }
    }

    /// Checks, without running anything, what a sensor would ask.
    ///
    /// - Throws: ``BlipError``, such as for a question that is too long.
    package nonisolated func validate(
        _ question: SensorConfiguration.Question
    ) throws(BlipError) {
        switch question {
        case .yesNo(let text), .number(let text), .answer(let text):
            try validate(answersTo: [text])
        case .choice(let text, let answers):
            try validate(answersTo: [text])
            try validate(ranking: answers)
        case .caption(let prompt): try validate(captionsWith: .init(), prompt: prompt)
        case .match(let labels): try validate(matching: labels.map(\.text))
        case .taught: break
        }
    }

    private nonisolated func ranked(
        _ answers: [String], _ question: String, _ image: EncodedImage
    ) async throws -> Answer {
        let ranking = try await rank(answers, for: question, about: image)
        // Each answer's probability among all texts, as shares of the list's.
        let highest = ranking.answers.map(\.logLikelihood).max() ?? 0
        let weights = ranking.answers.map { exp(Double($0.logLikelihood - highest)) }
        let sum = weights.reduce(0, +)
        let states = zip(ranking.answers, weights)
            .map { RankedState(state: $0.answer, probability: $1 / sum) }
            .sorted { $0.probability > $1.probability }
        return Answer(ranking: states, timings: ranking.timings)
    }

    /// - Parameter state: what the words tell; `nil` for nothing.
    private nonisolated func written(
        _ text: GeneratedText, _ state: (String) -> String?
    ) -> Answer {
        // A token's mean, so that long texts are not the less likely for it.
        let probability = text.score.map { exp(Double($0)) }
        let state = state(text.text).flatMap { $0.isEmpty ? nil : $0 }
        return Answer(
            state: state ?? CameraEvent.unknown, probability: state == nil ? nil : probability,
            timings: text.timings)
    }

    private nonisolated func matched(
        _ labels: [SensorConfiguration.Label], _ image: EncodedImage
    ) async throws -> Answer {
        // Single calls, which share batches with other cameras'.
        let matches = try await withThrowingTaskGroup(of: (Int, Match).self) { group in
            for (index, label) in labels.enumerated() {
                group.addTask { (index, try await self.match(label.text, with: image)) }
            }
            var matches: [(Int, Match)] = []
            for try await match in group { matches.append(match) }
            return matches.sorted { $0.0 < $1.0 }.map(\.1)
        }
        let timings = matches.reduce(StageTimings()) { $0 + $1.timings }
        var states = zip(labels, matches).map {
            RankedState(state: $0.state, probability: Double($1.probability))
        }
        if let only = states.first, states.count == 1 {
            states = [
                RankedState(state: "yes", probability: only.probability),
                RankedState(state: "no", probability: 1 - only.probability),
            ]
        }
        return Answer(
            ranking: states.sorted { $0.probability > $1.probability }, timings: timings)
    }

    private static func digits(_ number: Double) -> String {
        Int(exactly: number).map { "\($0)" } ?? "\(number)"
    }
}
