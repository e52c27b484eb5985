import ArgumentParser
import BLIP
import BlipCommandSupport
import BlipMeasuring
import Foundation

struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how fast a model runs on your device.",
        discussion: """
            Measures loading, the stages of a caption, a first and a second question about a picture, \
            memory, and how times grow with batches, lengths, beams, questions, picture sizes and \
            cores. Prints the median of several runs, with the fastest and the slowest. Pictures are in \
            memory, except where reading is measured.

            With --json each row is an object: table, measure, unit (ms, 1/s or MB), median, fastest, \
            slowest, runs; in a series also at and at_unit, for loading also from_cache. The first \
            line, with the table machine, describes the model and the machine.

            EXAMPLES
              blip bench
              blip bench --model blip-vqa-base --report speed.html
              blip bench --device GPU --precision f16 --json > gpu.jsonl
              blip bench --quick --images holiday/
            """)

    @Option(help: ArgumentHelp("How often each thing is measured; 5 if not given.", valueName: "n"))
    var runs: Int?

    @Option(help: ArgumentHelp("Tokens of a caption; 20 if not given.", valueName: "n"))
    var tokens: Int?

    @Option(
        help: ArgumentHelp(
            "Measure with the first eight pictures of this folder.",
            discussion: "Without it, with a drawn scene of 640x480.", valueName: "folder"),
        completion: .directory)
    var images: String?

    @Option(
        help: ArgumentHelp("Write the tables with plots as a page.", valueName: "file.html"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @Flag(help: "Two runs, and two points a series.")
    var quick = false

    @OptionGroup(title: "Model") var model: ModelArguments

    @Flag(help: "Print one JSON object a line, and nothing else, on standard output.")
    var json = false

    func validate() throws {
        if let runs, !(1...1000).contains(runs) {
            throw ValidationError("--runs wants a number from 1 to 1000, not \(runs).")
        }
        if let tokens, tokens < 1 {
            throw ValidationError("--tokens wants a number from 1, not \(tokens).")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let inputs = try images.map { try ImageInput.resolve([$0]) }
            let chosen = try await model.choose(for: nil)
            if let report {
                var outputs = OutputFiles(
                    reading: ModelFiles(at: chosen.location, modelCache: ModelLocation.cache).files
                        + (inputs ?? []).compactMap(\.file))
                try HTMLPage.check(report, option: "--report", &outputs)
            }
            let pictures = try BenchPictures(inputs, folder: images)
            var benchmark = try await Benchmark(
                chosen, options: model.runtimeOptions, pictures: pictures, json: json, plan: plan)
            try await benchmark.run()
            if let report { try benchmark.page.write(to: report) }
        }
    }

    private func plan(for model: BlipModel) throws -> BenchPlan {
        let positions = model.configuration.text.maximumPositions
        if let tokens, tokens >= positions {
            throw Failure(
                .usage,
                "--tokens \(tokens): the model can place \(positions) tokens, the begin token "
                    + "included; ask for fewer.")
        }
        return BenchPlan(
            runs: runs, tokens: tokens ?? min(20, positions - 1), isQuick: quick,
            positions: positions,
            threads: self.model.runtime.threads ?? MachineResources.current.processors,
            batchSize: model.batchSize)
    }
}
