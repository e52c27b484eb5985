import BLIP
import Foundation
import BlipPictures

extension BenchTable {
    static func pictureSize(_ plan: BenchPlan) -> BenchTable {
        BenchTable(
            key: "picture_size", title: "Size of a picture",
            text: "Decoding a JPEG file, and preprocessing the picture: resizing it to what the "
                + "model sees, and normalizing.",
            series: Series(
                label: "megapixels", unit: "megapixels", plotted: .milliseconds,
                plottedLabel: "time, ms",
                proportional: "in proportion to the smallest"),
            steps: plan.megapixels.map { megapixels in
                { subject in
                    let file = FileManager.default.temporaryDirectory.appending(
                        path: "blip-bench-\(UUID().uuidString).jpg")
                    defer { try? FileManager.default.removeItem(at: file) }
                    let picture = try subject.pictures.first(megapixels: megapixels)
                    try picture.write(to: file)
                    let runs = try await subject.repeated { _ in
                        let start = ContinuousClock.now
                        let read = try Picture(contentsOf: file)
                        let decoded = ContinuousClock.now - start
                        return (decoded, try await subject.model.encode(read).timings.preprocess)
                    }
                    return [
                        BenchRow("preprocess", runs.map(\.1), at: megapixels),
                        BenchRow("read JPEG", runs.map(\.0), at: megapixels),
                    ]
                }
            })
    }

    /// Only processors take a number of threads.
    static func cores(_ plan: BenchPlan, _ tasks: Set<BlipTask>) -> BenchTable {
        let canWrite = tasks.contains(.caption)
        let name = canWrite ? "captions a second" : "matches a second"
        return BenchTable(
            key: "cores", title: "Cores",
            text: (canWrite ? "Captions of \(plan.tokens) tokens" : "Matches")
                + ", one after another, by the number of threads that an inference may use; without "
                + "preprocessing, which they do not change."
                + (canWrite
                    ? " In batches, as many together as so many threads would be given." : ""),
            series: Series(
                label: "threads", unit: "threads", plotted: .perSecond, plottedLabel: name,
                proportional: "in proportion to one thread",
                hint: "On the dashed line each thread would add as much as the first."),
            steps: plan.threadCounts.map { count in
                { subject in
                    var options = subject.options
                    options.threads = count
                    // Such models are of no use later.
                    options.cacheDirectory = nil
                    let model = try await BenchSubject.load(subject.folder, options).model
                    let rates = try await subject.repeated { run in
                        let stages = try await subject.infer(with: model, from: run).stages
                        return 1000 / (stages.total - stages.preprocess).milliseconds
                    }
                    let alone = BenchRow(name, rates, .perSecond, at: Double(count))
                    guard canWrite else { return [alone] }
                    let batched = try await inBatches(subject, model, threads: count)
                    return [
                        alone,
                        BenchRow("\(name), in batches", batched, .perSecond, at: Double(count)),
                    ]
                }
            })
    }

    /// Captions a second of batches of the size that so many threads are given.
    private static func inBatches(
        _ subject: BenchSubject, _ model: BlipModel, threads: Int
    ) async throws -> [Double] {
        let size = min(subject.plan.batchSize, BatchSize.chosen(threads: threads))
        let options = BenchPlan.options(tokens: subject.plan.tokens)
        return try await subject.repeated { run in
            let stages = try await BenchSubject.caption(
                subject.pictures.some(size, from: run), with: model, options
            ).stages
            return Double(size) * 1000 / (stages.total - stages.preprocess).milliseconds
        }
    }

    /// Filled from what was noted while the others were measured.
    static let memory = BenchTable(
        key: "memory", title: "Memory",
        text: "Of this process; a checkpoint's mapped pages count where they were read.",
        steps: [])
}
