import BLIP
import BlipCommandSupport
import Foundation
import OpenVINO

/// One pass of a model over a data set's pictures, or two, whose results may be kept in a file.
struct EvaluationRun<Record: Codable> {
    private let setup: EvaluationSetup
    private let task: String
    private let dataSet: [String]
    private let settings: [String: String]
    private let file: ResultsFile<Record>?
    /// What an earlier run has finished, and what this one has.
    private(set) var records: [Record]
    private var opened: OpenedModel?
    /// Names of pictures that could not be read; who fails in both passes counts once.
    private var failed: Set<String> = []

    /// - Parameters:
    ///   - dataSet: the files with what people said.
    ///   - pictures: those that it is about.
    ///   - settings: what else changes a record.
    init(
        _ task: String, on dataSet: [String], over pictures: [ImageInput],
        _ setup: EvaluationSetup, settings: [String: String] = [:]
    ) throws {
        let files = ModelFiles(at: setup.model.location, modelCache: setup.runtime.modelCache)
        var outputs = OutputFiles(
            reading: dataSet.map { URL(filePath: $0) } + pictures.compactMap(\.file) + files.files)
        if let results = setup.results {
            try outputs.add(URL(filePath: results), option: "--results")
        }
        if let report = setup.report {
            try HTMLPage.check(report, option: "--report", &outputs)
        }
        self.setup = setup
        self.task = task
        self.dataSet = dataSet
        var settings = settings.merging(setup.settings) { $1 }
        settings["model"] = setup.model.name
        settings["precision"] = setup.runtime.precision.rawValue
        settings["image-size"] = setup.runtime.imageSize.map { "\($0)" }
        settings["weights"] = setup.runtime.weights?.rawValue
        self.settings = settings
        file = try setup.results.map {
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
        var opened = try OpenedModel(setup.model.location, options: setup.runtime)
        try await opened.prepare(for: [task])
        self.opened = opened
        return opened
    }

    /// Runs `work` over pictures, and keeps what it gives of each; what cannot be read is told of
    /// and left out.
    ///
    /// - Parameters:
    ///   - batchSize: how many of them run together.
    ///   - work: gives each picture's records, in their order.
    mutating func forEach(
        _ inputs: [ImageInput], task: BlipTask, batchSize: (BlipModel) -> Int,
        _ work: (BlipModel, [PictureRun.Item]) async throws -> [[Record]]
    ) async throws {
        guard !inputs.isEmpty else { return }
        let opened = try await opened(for: task)
        var run = PictureRun(
            inputs, options: setup.run, model: opened, batchSize: batchSize(opened.model))
        var done: Set<String> = []
        do {
            try await run.forEach { items in
                try await work(opened.model, items)
            } report: { _, item, found in
                try file?.append(found)
                records += found
                done.insert(item.input.name)
            }
        } catch let failure as Failure where failure.isToldOf {
            // Told of already; the others are scored.
            failed.formUnion(inputs.map(\.name).filter { !done.contains($0) })
        }
    }

    /// Prints the scores of the pictures that ran, and writes the page, where one was asked for.
    ///
    /// - Parameters:
    ///   - pictureScore: what a picture's score is, for the page.
    ///   - pictures: those that ran, for the page.
    /// - Throws: ``Failure`` where a picture failed.
    func finish(
        _ count: Int, pictureScore: String, _ table: () throws -> ScoreTable,
        pictures: () throws -> [ScoredPicture]
    ) async throws {
        if failed.count == count { throw nothingRead(count) }
        let scores = try table()
        try scores.print(asJSON: setup.run.json)
        if let report = setup.report {
            try EvaluationPage(
                task: task, facts: try await facts(), scores: scores, pictureScore: pictureScore,
                pictures: pictures()
            ).page.write(to: report)
        }
        if setup.run.verbose, let opened {
            Terminal.note(String(format: "  load %.0f ms", opened.load.milliseconds))
        }
        guard !failed.isEmpty else { return }
        Terminal.complain(
            "\(failed.count) of \(count) pictures could not be read; the scores are of the others.")
        throw Failure.someFailedQuietly
    }

    func nothingRead(_ count: Int) -> Failure {
        Failure(
            .someFailed, "None of the \(count) pictures could be read, so there is no score.")
    }

    private func facts() async throws -> [(name: String, value: String)] {
        let given = settings.filter { !["model", "precision"].contains($0.key) }
            .sorted { $0.key < $1.key }.map { (name: Self.title($0.key), value: $0.value) }
        let model = (name: "Model", value: setup.model.title)
        let dataSet = (name: "Data set", value: dataSet.first ?? "")
        // Where all was in the file, nothing ran here.
        guard let opened else { return [model, dataSet] + given }
        let machine = Machine(
            model: setup.model.title, options: setup.runtime,
            compilations: await opened.model.compilations(), core: try Core.shared)
        return [model, dataSet] + given + machine.facts.dropFirst()
    }

    /// "max-length" as "Max length".
    private static func title(_ name: String) -> String {
        name.prefix(1).uppercased() + name.dropFirst().replacing("-", with: " ")
    }
}
