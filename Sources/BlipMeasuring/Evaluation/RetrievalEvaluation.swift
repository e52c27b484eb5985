import BLIP
import BlipEvaluation
import BlipCommandSupport

/// How well a data set's texts are found by pictures, and pictures by texts.
package struct RetrievalEvaluation {
    private let annotations: String
    private let pictures: [CaptionedPicture]
    private let rerank: Int?
    private let batch: Int?

    /// - Parameters:
    ///   - annotations: captions in COCO's format.
    ///   - folder: where the pictures lie.
    ///   - limit: how many of them take part, from the first on; `nil` for all.
    ///   - rerank: how many of the first that each finds are ordered anew; `nil` for none.
    ///   - batch: pictures, or texts, that run together; `nil` for as many as suit the model.
    /// - Throws: ``Failure`` and `EvaluationError` for what is no such data set.
    package init(
        _ annotations: String, _ folder: String, limit: Int?, rerank: Int?, batch: Int?
    ) throws {
        self.annotations = annotations
        pictures = try PictureFolder(folder).captioned(annotations).first(limit)
        self.rerank = rerank
        self.batch = batch
    }

    package func run(_ setup: EvaluationSetup) async throws {
        var run = try EvaluationRun<RetrievalRecord>(
            "retrieval", on: [annotations], over: pictures.map(\.input), setup)
        try await findVectors(of: pictures, &run)
        let vectors = Dictionary(
            run.records.compactMap { record in record.vector.map { (record.imageID, $0) } },
            uniquingKeysWith: { $1 })
        let scored = pictures.filter { vectors[$0.id] != nil }
        guard !scored.isEmpty else { throw run.nothingRead(pictures.count) }
        let texts = try await textVectors(
            of: scored.flatMap(\.captions), try await run.model(for: .match))
        var retrieval = try Retrieval(
            pictures: scored, vectors: scored.compactMap { vectors[$0.id] }, texts: texts)
        if let rerank {
            try await match(retrieval.candidates(rerank), of: scored, &run)
            retrieval.rerank(with: run.records, first: rerank)
        }
        try await run.finish(pictures.count, pictureScore: "1 ÷ rank") {
            try table(retrieval)
        } pictures: {
            zip(scored, retrieval.found()).map { ScoredPicture($0, $1) }
        }
    }

    private func findVectors(
        of pictures: [CaptionedPicture], _ run: inout EvaluationRun<RetrievalRecord>
    ) async throws {
        let done = Set(run.records.filter { $0.vector != nil }.map(\.imageID))
        let left = pictures.filter { !done.contains($0.id) }
        let ids = Dictionary(left.map { ($0.input.name, $0.id) }, uniquingKeysWith: { $1 })
        try await run.forEach(
            left.map(\.input), task: .match, batchSize: { $0.count(perBatch: batch) }
        ) { model, items in
            var records: [[RetrievalRecord]] = []
            for item in items {
                let vector = try await model.embedding(of: item.encoded).values
                records.append(
                    ids[item.input.name].map { [RetrievalRecord(imageID: $0, vector: vector)] }
                        ?? [])
            }
            return records
        }
    }

    private func textVectors(of texts: [String], _ model: BlipModel) async throws -> [[Float]] {
        let batch = model.count(perBatch: batch)
        var vectors: [[Float]] = []
        for start in stride(from: 0, to: texts.count, by: batch) {
            let part = Array(texts[start..<min(start + batch, texts.count)])
            vectors += try await model.embeddings(of: part).map(\.values)
        }
        return vectors
    }

    /// Runs the matching head over each picture and those texts that were not matched before.
    private func match(
        _ candidates: [[String]], of pictures: [CaptionedPicture],
        _ run: inout EvaluationRun<RetrievalRecord>
    ) async throws {
        var known: [DataSetID: Set<String>] = [:]
        for record in run.records {
            known[record.imageID, default: []].formUnion((record.matches ?? []).map(\.text))
        }
        let left = zip(pictures, candidates).map { picture, texts in
            (picture, texts.filter { known[picture.id]?.contains($0) != true })
        }.filter { !$0.1.isEmpty }
        let byName = Dictionary(left.map { ($0.0.input.name, $0) }, uniquingKeysWith: { $1 })
        try await run.forEach(
            left.map(\.0.input), task: .match, batchSize: { $0.count(perBatch: batch) }
        ) { model, items in
            let batch = model.count(perBatch: batch)
            var records: [[RetrievalRecord]] = []
            for item in items {
                guard let (picture, texts) = byName[item.input.name] else {
                    records.append([])
                    continue
                }
                var matches: [RetrievalRecord.Match] = []
                for start in stride(from: 0, to: texts.count, by: batch) {
                    let part = Array(texts[start..<min(start + batch, texts.count)])
                    let found = try await model.matchProbabilities(
                        of: part, with: item.encoded)
                    matches += zip(part, found).map { .init(text: $0, probability: $1) }
                }
                records.append([RetrievalRecord(imageID: picture.id, matches: matches)])
            }
            return records
        }
    }

    private func table(_ retrieval: Retrieval) throws -> ScoreTable {
        let recall = try retrieval.recall()
        let rows = { (name: String, values: [Double], count: Int) in
            zip(RetrievalRecall.ranks, values).map {
                ScoreTable.Row(
                    metric: "R@\($0)", group: "direction", name: name, score: $1, count: count)
            }
        }
        return ScoreTable(
            rows: rows("image_to_text", recall.imageToText, retrieval.pictureCount)
                + rows("text_to_image", recall.textToImage, retrieval.textCount),
            counted: "queries")
    }
}

extension ScoredPicture {
    fileprivate init(_ picture: CaptionedPicture, _ found: Retrieval.Found) {
        self.init(
            input: picture.input, score: 1 / Double(found.rank + 1),
            scoreText: "found at \(found.rank + 1)",
            lines: [
                .init(name: "model", text: found.first, look: found.rank == 0 ? .first : .second)
            ] + picture.captions.map { .init(name: "people", text: $0) })
    }
}
