import BLIP
import Foundation

extension BenchTable {
    /// Loading again and again, each time with its first inference.
    static let load = BenchTable(
        key: "load", title: "Load",
        text: "Starting this program, until it has told its version; opening the checkpoint and "
            + "compiling its graphs, or reading them from the cache of compiled models; the first "
            + "load is this run's own. The first inference after a load still prepares what later "
            + "ones find ready.",
        steps: [
            { try starts($0.plan.runs) },
            { try await loads($0, $0.options, "load again", withParts: true) },
            { subject in
                guard subject.options.cacheDirectory != nil else { return [] }
                var options = subject.options
                options.cacheDirectory = nil
                return try await loads(subject, options, "load without cache")
            },
        ])

    private static func starts(_ runs: Int) throws -> [BenchRow] {
        guard let program = Bundle.main.executableURL else { return [] }
        let times = try (0...runs).map { _ in
            let process = Process()
            process.executableURL = program
            process.arguments = ["--version"]
            process.standardOutput = FileHandle.nullDevice
            let start = ContinuousClock.now
            try process.run()
            process.waitUntilExit()
            return ContinuousClock.now - start
        }
        // The first reads the program's file.
        return [BenchRow("process start", Array(times.dropFirst()))]
    }

    private static func loads(
        _ subject: BenchSubject, _ options: RuntimeOptions, _ name: String, withParts: Bool = false
    ) async throws -> [BenchRow] {
        var loads: [(read: Duration, compile: Duration)] = []
        var firsts: [Duration] = []
        var fromCache: Bool?
        for _ in 0..<subject.plan.runs {
            // Gone before the next is loaded: all of them together may not fit into memory.
            let loaded = try await BenchSubject.load(subject.folder, options)
            firsts.append(try await subject.infer(with: loaded.model).total)
            loads.append((loaded.read, loaded.compile))
            fromCache = loaded.fromCache
        }
        var total = BenchRow(name, loads.map { $0.read + $0.compile })
        total.fromCache = fromCache
        guard withParts else { return [total] }
        return [
            total, BenchRow("read the checkpoint", loads.map(\.read), isPart: true),
            BenchRow("compile", loads.map(\.compile), isPart: true),
            BenchRow("first inference again", firsts),
        ]
    }

    /// A warm caption, stage by stage.
    static func caption(_ plan: BenchPlan) -> BenchTable {
        BenchTable(
            key: "caption", title: "A caption",
            text: "One picture in memory, a caption of \(plan.tokens) tokens, greedily.",
            steps: [
                { subject in
                    let options = BenchPlan.options(tokens: subject.plan.tokens)
                    let runs = try await subject.repeated { run in
                        try await BenchSubject.caption(
                            subject.pictures.some(1, from: run), with: subject.model, options)
                    }
                    return [
                        BenchRow("preprocess", runs.map(\.stages.preprocess)),
                        BenchRow("vision", runs.map(\.stages.vision)),
                        BenchRow("decode", runs.map(\.stages.decode)),
                        BenchRow(
                            "a token", runs.map { $0.stages.decode / subject.plan.tokens },
                            isPart: true),
                        BenchRow("total", runs.map(\.total)),
                    ]
                }
            ])
    }

    /// A question about a new picture, and another one about the same.
    static let answer = BenchTable(
        key: "answer", title: "Questions",
        text: "The first question looks at the picture; the second, about the same picture, costs "
            + "only its own text. Answers have \(BenchPlan.answerTokens) tokens.",
        steps: [
            { subject in
                let options = BenchPlan.options(tokens: BenchPlan.answerTokens)
                let runs = try await subject.repeated { run in
                    let start = ContinuousClock.now
                    let image = try await subject.model.encode(
                        subject.pictures.some(1, from: run)[0])
                    let asked = BenchPlan.someQuestions(2, about: image)
                    _ = try await subject.model.answers(to: [asked[0]], options: options)
                    let middle = ContinuousClock.now
                    let second = try await subject.model.answers(to: [asked[1]], options: options)
                    return (
                        first: middle - start, second: ContinuousClock.now - middle,
                        stages: second.first?.first?.timings ?? StageTimings()
                    )
                }
                return [
                    BenchRow("first question", runs.map(\.first)),
                    BenchRow("second question", runs.map(\.second)),
                    BenchRow("its text", runs.map(\.stages.text), isPart: true),
                    BenchRow("its decode", runs.map(\.stages.decode), isPart: true),
                ]
            }
        ])

    /// How well a text fits a new picture, and another text the same.
    static let match = BenchTable(
        key: "match", title: "Matching",
        text: "How well a text fits: the first looks at the picture, the second is compared with "
            + "the same picture.",
        steps: [
            { subject in
                let runs = try await subject.repeated { run in
                    // The model keeps what it computed of texts alone.
                    let texts = BenchPlan.questions.map { "\(run) \($0)" }
                    let start = ContinuousClock.now
                    let image = try await subject.model.encode(
                        subject.pictures.some(1, from: run)[0])
                    _ = try await subject.model.match(texts[0], with: image)
                    let middle = ContinuousClock.now
                    _ = try await subject.model.match(texts[1], with: image)
                    return (first: middle - start, second: ContinuousClock.now - middle)
                }
                return [
                    BenchRow("first text", runs.map(\.first)),
                    BenchRow("second text", runs.map(\.second)),
                ]
            }
        ])
}
