import Foundation

/// Follows the likeliest sequences at the same time and returns the best finished ones.
///
/// Reference: transformers 5.23's `GenerationMixin._beam_search`, step by step: which candidates
/// may finish, how scores are divided by the length, and when it ends.
struct BeamSearch {
    let options: GenerationOptions
    let endTokenID: Int
    /// Asked after each step whose texts are still wanted; the others leave without one.
    var isWanted: ((_ prompt: Int) -> Bool)?

    /// - Parameters:
    ///   - model: holds no sequence yet.
    ///   - prompts: one a text, all of one length, each beginning with the begin token.
    /// - Returns: for each prompt, the best texts, as many as the options ask for.
    /// - Throws: what the model throws, and `CancellationError` between two steps.
    func run(_ model: inout some NextTokenModel, prompts: [[Int]]) throws -> [[GeneratedTokens]] {
        let processor = LogitsProcessor(options, endTokenID: endTokenID)
        var groups = prompts.map { BeamGroup(prompt: $0, options: options, endTokenID: endTokenID) }
        // Rows of the model's batch, group after group, each with its running beams.
        var running = Array(groups.indices)
        var logits = try model.logits(appending: prompts)
        while true {
            try Task.checkCancellation()
            var rows: [Int] = []
            var next: [[Int]] = []
            var stillRunning: [Int] = []
            var firstRow = 0
            for index in running {
                let count = groups[index].beams.count
                let scores = logits[firstRow..<firstRow + count]
                let parents = groups[index].advance(Array(scores), processor)
                if !groups[index].isDone, isWanted?(index) != false {
                    stillRunning.append(index)
                    rows += parents.map { firstRow + $0 }
                    next += groups[index].beams.map { [$0.ids.last ?? endTokenID] }
                }
                firstRow += count
            }
            running = stillRunning
            if running.isEmpty { break }
            try model.keepRows(rows)
            logits = try model.logits(appending: next)
        }
        return groups.map(\.results)
    }
}

/// The beams of one text.
struct BeamGroup {
    struct Beam {
        var ids: [Int]
        /// Sum of the processed log-probabilities, by which beams are compared.
        var score: Float
        /// What the model itself gives the generated tokens.
        var logProbabilities: [Float]
    }
    private struct Finished {
        let beam: Beam
        let score: Float
    }
    private struct Candidate {
        let parent: Int
        let token: Int
        let score: Float
        var ends: Bool
    }

    private(set) var beams: [Beam]
    private(set) var isDone = false
    private var finished: [Finished] = []
    private var mayImprove = true
    private let promptLength: Int
    private let options: GenerationOptions
    private let endTokenID: Int

    init(prompt: [Int], options: GenerationOptions, endTokenID: Int) {
        beams = [Beam(ids: prompt, score: 0, logProbabilities: [])]
        promptLength = prompt.count
        self.options = options
        self.endTokenID = endTokenID
    }

    /// The best texts, best first.
    var results: [GeneratedTokens] {
        finished.prefix(options.sequenceCount).map { finished in
            var ids = Array(finished.beam.ids.dropFirst())
            if ids.last == endTokenID, ids.count >= promptLength { ids.removeLast() }
            return GeneratedTokens(ids: ids, logProbabilities: finished.beam.logProbabilities)
        }
    }

    /// Takes one step.
    ///
    /// - Parameter logits: one row a beam.
    /// - Returns: for each of the new beams, the index of the beam that it continues.
    mutating func advance(_ logits: [[Float]], _ processor: LogitsProcessor) -> [Int] {
        let length = (beams.first?.ids.count ?? 0) + 1
        let raw = logits.map(logSoftmax)
        var candidates = best(2 * options.beamCount, raw, processor)
        for index in candidates.indices {
            candidates[index].ends =
                candidates[index].token == endTokenID || length >= options.lengthLimit
        }
        let children = candidates.map { candidate in
            let parent = beams[candidate.parent]
            return Beam(
                ids: parent.ids + [candidate.token], score: candidate.score,
                logProbabilities: parent.logProbabilities + [raw[candidate.parent][candidate.token]]
            )
        }
        let generated = length - promptLength
        finish(Array(zip(candidates, children).prefix(options.beamCount)), generated)
        let going = candidates.indices.filter { !candidates[$0].ends }.prefix(options.beamCount)
        beams = going.map { children[$0] }
        updateDone(generated)
        return going.map { candidates[$0].parent }
    }

    /// The candidates of the greatest scores over all beams, greatest first.
    private func best(
        _ count: Int, _ raw: [[Float]], _ processor: LogitsProcessor
    ) -> [Candidate] {
        var best: [Candidate] = []
        for (parent, raw) in raw.enumerated() {
            var scores = raw
            processor.apply(to: &scores, after: beams[parent].ids)
            let before = beams[parent].score
            for (token, score) in scores.enumerated() {
                let sum = score + before
                if best.count == count, let least = best.last, !(sum > least.score) { continue }
                let place = best.firstIndex { sum > $0.score } ?? best.endIndex
                best.insert(
                    Candidate(parent: parent, token: token, score: sum, ends: false), at: place)
                if best.count > count { best.removeLast() }
            }
        }
        return best
    }

    /// Adds the candidates that end; only those among the first so many as there are beams may.
    private mutating func finish(
        _ candidates: [(Candidate, Beam)], _ generated: Int
    ) {
        let isFull = finished.count == options.beamCount
        guard mayImprove, !(isFull && options.earlyStopping == .always) else { return }
        for (candidate, beam) in candidates where candidate.ends {
            let score = candidate.score / pow(Float(generated), options.lengthPenalty)
            let place = finished.firstIndex { score > $0.score } ?? finished.endIndex
            finished.insert(Finished(beam: beam, score: score), at: place)
            if finished.count > options.beamCount { finished.removeLast() }
        }
    }

    private mutating func updateDone(_ generated: Int) {
        let isFull = finished.count == options.beamCount
        guard let running = beams.first else {
            isDone = true
            return
        }
        let hypotheticalLength =
            options.earlyStopping == .never && options.lengthPenalty > 0
            ? options.lengthLimit - promptLength : generated
        let possible = running.score / pow(Float(hypotheticalLength), options.lengthPenalty)
        // A text that could still be finished beats a place that is still empty.
        mayImprove =
            mayImprove && (!isFull || possible > (finished.last?.score ?? -.infinity))
        isDone = !mayImprove || (isFull && options.earlyStopping == .always)
    }
}
