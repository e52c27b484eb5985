import ArgumentParser
import BLIP
import Foundation

/// One pass of a model over a data set's pictures, or two, whose results may be kept in a file.
struct EvaluationRun<Record: Codable> {
    let model: ModelArguments
    let output: OutputArguments
    private let task: String
    private let chosen: ChosenModel
    private let dataSet: [String]
    private let settings: [String: String]
    private let report: String?
    private let file: ResultsFile<Record>?
    /// What an earlier run has finished, and what this one has.
    private(set) var records: [Record]
    private var opened: OpenedModel?
    /// Names of pictures that could not be read; who fails in both passes counts once.
    private var failed: Set<String> = []

    /// - Parameters:
    ///   - use: what the model is for.
    ///   - dataSet: the files with what people said.
    ///   - pictures: those that it is about.
    ///   - settings: what else changes a record.
    init(
        _ task: String, _ use: BlipTask, on dataSet: [String], over pictures: [ImageInput],
        model: ModelArguments, output: OutputArguments, evaluation: EvaluationArguments,
        settings: [String: String]
    ) async throws {
        chosen = try await model.choose(for: [use])
        let files = ModelFiles(at: chosen.location)
        try evaluation.check(
            reading: dataSet.map { URL(filePath: $0) } + pictures.compactMap(\.file) + files.files)
        report = evaluation.report
        self.task = task
        self.dataSet = dataSet
        self.model = model
        self.output = output
        var settings = settings
        settings["model"] = chosen.name
        settings["precision"] = model.runtime.precision.rawValue
        self.settings = settings
        file = try evaluation.results.map {
            // A name may stand for other weights by now.
            let weights = ["weights": try files.fingerprint()]
            return try ResultsFile($0, task: task, settings: settings.merging(weights) { $1 })
        }
        records = file?.records ?? []
    }

    /// The model, opened when it is first needed: what is all in the file needs none.
    mutating func model(for task: BlipTask) async throws -> BlipModel {
        try await opened(for: task).model
    }

    private mutating func opened(for task: BlipTask) async throws -> OpenedModel {
        if let opened { return opened }
        let opened = try await model.open(chosen, for: [task])
        self.opened = opened
        return opened
    }

    /// Runs `work` over pictures, and keeps what it gives of each; what cannot be read is told of
    /// and left out.
    ///
    /// - Parameter work: gives each picture's records, in their order.
    mutating func forEach(
        _ inputs: [ImageInput], task: BlipTask, batchSize: Int,
        _ work: (BlipModel, [PictureRun.Item]) async throws -> [[Record]]
    ) async throws {
        guard !inputs.isEmpty else { return }
        let opened = try await opened(for: task)
        var run = PictureRun(inputs, output: output, model: opened, batchSize: batchSize)
        var done: Set<String> = []
        do {
            try await run.forEach { items in
                try await work(opened.model, items)
            } report: { _, item, found in
                try file?.append(found)
                records += found
                done.insert(item.input.name)
            }
        } catch let code as ExitCode where code == Failure.someFailedQuietly {
            // Told of already; the others are scored.
            failed.formUnion(inputs.map(\.name).filter { !done.contains($0) })
        }
    }

    /// Prints the scores of the pictures that ran, and writes the page, where one was asked for.
    ///
    /// - Parameters:
    ///   - pictureScore: what a picture's score is, for the page.
    ///   - pictures: those that ran, for the page.
    /// - Throws: `ExitCode` 1 where a picture failed.
    func finish(
        _ count: Int, pictureScore: String, _ table: () throws -> ScoreTable,
        pictures: () throws -> [ScoredPicture]
    ) throws {
        if failed.count == count {
            Terminal.complain("None of the \(count) pictures could be read, so there is no score.")
            throw Failure.someFailedQuietly
        }
        let scores = try table()
        try scores.print(asJSON: output.json)
        if let report {
            try EvaluationPage(
                task: task, facts: facts, scores: scores, pictureScore: pictureScore,
                pictures: pictures()
            ).page.write(to: report)
        }
        if output.verbose, let opened {
            Terminal.note(String(format: "  load %.0f ms", opened.load.milliseconds))
        }
        guard !failed.isEmpty else { return }
        Terminal.complain(
            "\(failed.count) of \(count) pictures could not be read; the scores are of the others.")
        throw Failure.someFailedQuietly
    }

    private var facts: [(name: String, value: String)] {
        [
            (name: "Model", value: settings["model"] ?? ""),
            (name: "Data set", value: dataSet.first ?? ""),
        ]
            + settings.filter { $0.key != "model" }.sorted { $0.key < $1.key }
            .map { (name: Self.title($0.key), value: $0.value) }
            + [
                (name: "Device", value: model.runtime.device),
                (name: "Program", value: "blip \(programVersion)"),
                (name: "Date", value: Date.now.formatted(.iso8601)),
            ]
    }

    /// "max-length" as "Max length".
    private static func title(_ name: String) -> String {
        name.prefix(1).uppercased() + name.dropFirst().replacing("-", with: " ")
    }
}
