import BLIP
import BlipPictures
import Foundation

/// Captions pictures from as many tasks, and in batches of eight, in turn: `make bench-tasks`.
///
///     BenchmarkTasks MODEL PICTURES ROUNDS
///
/// Both ways read the pictures first, and count from encoding to the last caption.
@main
struct BenchmarkTasks {
    static let batchSize = 8

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let rounds = Int(arguments[3]), rounds > 0 else {
            print("usage: BenchmarkTasks MODEL PICTURES ROUNDS")
            exit(64)
        }
        let files = try FileManager.default
            .contentsOfDirectory(at: URL(filePath: arguments[2]), includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }
        let model = try BlipModel(
            folder: URL(filePath: arguments[1], directoryHint: .isDirectory),
            options: RuntimeOptions(device: "CPU", batchSize: batchSize))
        try await model.prepare(for: [.caption])
        let options = await model.pictureOptions
        let pictures = try files.map { try Picture(contentsOf: $0, options: options) }

        // What is first is slower: it is not counted.
        _ = try await inBatches(Array(pictures.prefix(batchSize)), model)
        var shares: [Double] = []
        var ratios: [Double] = []
        for round in 1...rounds {
            let batches = try await inBatches(pictures, model)
            let tasks = try await fromTasks(pictures, model)
            let again = try await inBatches(pictures, model)
            // At bf16 a picture's neighbours may change a word.
            let others = zip(batches.texts, tasks.texts).count { $0 != $1 }
            if others > 0 { print("\(others) texts differ") }
            let ratio = tasks.seconds / ((batches.seconds + again.seconds) / 2)
            ratios.append(ratio)
            shares.append(tasks.first / tasks.seconds)
            print(
                "round \(round): batches \(shown(batches.seconds)) s, tasks \(shown(tasks.seconds)) s, batches",
                "\(shown(again.seconds)) s; tasks/batches \(shown(ratio)), first caption after",
                "\(shown(tasks.first)) s (\(shown(tasks.first / tasks.seconds)) of the whole)")
        }
        print("\(pictures.count) pictures, median of \(rounds) rounds:")
        print("tasks/batches of \(batchSize): \(shown(median(ratios)))  (goal: at most 1.05)")
        print("first caption/whole:  \(shown(median(shares)))  (goal: at most 0.15)")
    }

    struct Run {
        var seconds = 0.0
        var first = 0.0
        var texts: [String] = []
    }

    static func inBatches(_ pictures: [Picture], _ model: BlipModel) async throws -> Run {
        let start = ContinuousClock.now
        var run = Run()
        for first in stride(from: 0, to: pictures.count, by: batchSize) {
            let batch = Array(pictures[first..<min(first + batchSize, pictures.count)])
            let captions = try await model.captions(of: model.encode(batch))
            run.texts += captions.compactMap(\.first?.text)
            if first == 0 { run.first = seconds(since: start) }
        }
        run.seconds = seconds(since: start)
        return run
    }

    static func fromTasks(_ pictures: [Picture], _ model: BlipModel) async throws -> Run {
        let start = ContinuousClock.now
        let captions = try await withThrowingTaskGroup(of: Caption.self) { group in
            for (index, picture) in pictures.enumerated() {
                group.addTask {
                    let text = try await model.caption(picture).text
                    return Caption(index: index, text: text, seconds: seconds(since: start))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        return Run(
            seconds: seconds(since: start), first: captions.map(\.seconds).min() ?? 0,
            texts: captions.sorted { $0.index < $1.index }.map(\.text))
    }

    struct Caption {
        let index: Int
        let text: String
        let seconds: Double
    }

    static func seconds(since start: ContinuousClock.Instant) -> Double {
        (ContinuousClock.now - start) / .seconds(1)
    }

    static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    static func shown(_ value: Double) -> String {
        value.formatted(.number.precision(.fractionLength(2)).grouping(.never))
    }
}
