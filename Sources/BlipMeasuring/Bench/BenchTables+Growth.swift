import BLIP
import BlipPictures

extension BenchTable {
    static func batch(_ plan: BenchPlan, _ tasks: Set<BlipTask>) -> BenchTable {
        BenchTable(
            key: "batch", title: "Pictures in a batch",
            text: tasks.contains(.caption)
                ? "Captions of \(plan.tokens) tokens for several pictures together."
                : "The vision model alone, over several pictures together.",
            series: Series(
                label: "pictures in the batch", unit: "pictures", plotted: .milliseconds,
                plottedLabel: "time of the batch, ms", proportional: "one by one",
                hint: "Below the dashed line a batch costs less than its pictures one by one."),
            steps: plan.batchSizes.map { size in
                { subject in
                    let times = try await subject.repeated { run in
                        try await time(subject, subject.pictures.some(size, from: run))
                    }
                    return [
                        BenchRow("batch", times, at: Double(size)),
                        BenchRow(
                            "pictures a second",
                            times.map { Double(size) * 1000 / $0.milliseconds },
                            .perSecond, at: Double(size)),
                    ]
                }
            })
    }

    private static func time(
        _ subject: BenchSubject, _ pictures: [Picture]
    ) async throws -> Duration {
        if subject.model.canWrite {
            let options = BenchPlan.options(tokens: subject.plan.tokens)
            return try await BenchSubject.caption(pictures, with: subject.model, options).total
        }
        let start = ContinuousClock.now
        _ = try await subject.model.encode(pictures)
        return ContinuousClock.now - start
    }

    static func length(_ plan: BenchPlan) -> BenchTable {
        BenchTable(
            key: "length", title: "Length of a caption",
            text: "Decoding alone, of captions of exactly so many tokens.",
            series: Series(
                label: "tokens", unit: "tokens", plotted: .milliseconds,
                plottedLabel: "decode, ms", proportional: "in proportion to the first"),
            steps: plan.captionLengths.map { length in
                { try await [decode($0, BenchPlan.options(tokens: length), at: length)] }
            })
    }

    static func beams(_ plan: BenchPlan) -> BenchTable {
        BenchTable(
            key: "beams", title: "Beams",
            text: "Decoding alone, of a caption of \(plan.tokens) tokens: beams run as one batch.",
            series: Series(
                label: "beams", unit: "beams", plotted: .milliseconds,
                plottedLabel: "decode, ms", proportional: "in proportion to one"),
            steps: plan.beamCounts.map { count in
                { subject in
                    let options = BenchPlan.options(tokens: subject.plan.tokens, beams: count)
                    return try await [decode(subject, options, at: count)]
                }
            })
    }

    private static func decode(
        _ subject: BenchSubject, _ options: GenerationOptions, at place: Int
    ) async throws -> BenchRow {
        let images = try await subject.model.encode(subject.pictures.some(1))
        let times = try await subject.repeated { _ in
            let texts = try await subject.model.captions(of: images, options: options)
            return texts.first?.first?.timings.decode ?? .zero
        }
        return BenchRow("decode", times, at: Double(place))
    }

    static func questions(_ plan: BenchPlan) -> BenchTable {
        BenchTable(
            key: "questions", title: "Questions about one picture",
            text: "Asked together about a picture that was seen already; answers have "
                + "\(BenchPlan.answerTokens) tokens.",
            series: Series(
                label: "questions", unit: "questions", plotted: .milliseconds,
                plottedLabel: "time of all answers, ms", proportional: "one by one"),
            steps: plan.questionCounts.map { count in
                { subject in
                    let image = try await subject.model.encode(subject.pictures.some(1)[0])
                    let asked = BenchPlan.someQuestions(count, about: image)
                    let options = BenchPlan.options(tokens: BenchPlan.answerTokens)
                    let times = try await subject.repeated { _ in
                        let start = ContinuousClock.now
                        _ = try await subject.model.answers(to: asked, options: options)
                        return ContinuousClock.now - start
                    }
                    return [BenchRow("answers", times, at: Double(count))]
                }
            })
    }
}
