import ArgumentParser
import BLIP
import BlipCommandSupport
import BlipPictures
import Foundation
import PhotoLibrary

struct Search: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find pictures of the library by words, or by a picture.",
        discussion: """
            Prints paths, the best first. Finds pictures by what they show, and by the words of captions, \
            keywords, descriptions and paths. Some picture is always the nearest. With --rerank the model \
            looks at the best again, and leaves out those that do not fit.

            EXAMPLES
              blip search "dogs on a beach"
              blip search "a birthday party" --rerank 16 --since 2020 --until 2024-06
              blip search --like photo.jpg --limit 10
              blip search sunset --in Photos/Iceland --open
              blip search sunset --paths0 | xargs -0 cp -t Sunsets
            """)

    @Argument(help: "Words, in quotation marks.")
    var text: String?

    @Option(
        help: ArgumentHelp(
            "Find pictures that look like this one, with words or without.", valueName: "image"),
        completion: .file())
    var like: String?

    @OptionGroup var library: LibraryArguments

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The most pictures to print.", valueName: "n"))
    var limit = 20

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Look at the best N again together with the words, and leave out those that do not fit.",
            valueName: "n"))
    var rerank: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "With --rerank: the least probability that counts as fitting; 0.5 if not given.",
            valueName: "p"))
    var cutOff: Float?

    @Option(
        help: ArgumentHelp(
            "Only pictures from this day, month or year on: 2026-11-27, 2026-11, 2026.",
            valueName: "date"))
    var since: String?

    @Option(
        help: ArgumentHelp(
            "Only pictures to the end of this day, month or year.", valueName: "date"))
    var until: String?

    @Option(
        name: .customLong("in"),
        help: ArgumentHelp("Only pictures in this folder, or below.", valueName: "folder"),
        completion: .directory)
    var folder: String?

    @Flag(name: .customLong("paths0"), help: "Print a NUL after each path, for xargs -0.")
    var zeroTerminated = false

    @Flag(help: "Show the pictures in a browser.")
    var open = false

    @OptionGroup(title: "Model") var model: ModelArguments

    @Flag(help: "Print one JSON object a line, and nothing else, on standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print similarity, probability and caption behind each path.")
    var verbose = false

    func validate() throws {
        if text == nil, like == nil {
            throw ValidationError("Give words to search for, or a picture with --like.")
        }
        if text == nil, rerank != nil {
            throw ValidationError("--rerank wants words that pictures are to fit.")
        }
        if !(1...100_000).contains(limit) {
            throw ValidationError("--limit wants a number from 1 to 100000, not \(limit).")
        }
        if let rerank, !(1...10_000).contains(rerank) {
            throw ValidationError("--rerank wants a number from 1 to 10000, not \(rerank).")
        }
        if cutOff != nil, rerank == nil {
            throw ValidationError("--cut-off is about --rerank; give that, too.")
        }
        if let cutOff, !(0...1).contains(cutOff) {
            throw ValidationError("--cut-off wants a number from 0 to 1, not \(cutOff).")
        }
        if json, zeroTerminated {
            throw ValidationError("--json and --paths0 exclude one another.")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let library = try library.open(for: .reading)
            let model = try await LibraryModel(model, used: try library.usedModels().vectors)
            try library.check(model, looks: like != nil)
            var hits = try library.search(try await query(model, library))
            if let text, let rerank {
                hits = try await fitting(Array(hits.prefix(rerank)), text, model)
            }
            hits = Array(hits.prefix(limit))
            let place = folder.map(RawPath.init(argument:))
            if hits.isEmpty, let place, place.status == nil {
                throw Failure(.usage, "There is no folder \(place); check the path.")
            }
            if hits.isEmpty, rerank == nil { Terminal.note("The library has no such picture.") }
            if open {
                try ContactSheet(title: text ?? "Like \(like ?? "")", hits: hits).show()
            }
            for hit in hits { try print(hit) }
        }
    }

    private func query(_ model: LibraryModel, _ library: Library) async throws -> SearchQuery {
        var query = SearchQuery()
        if let text { query = try await model.query(text) }
        if let like {
            let path = RawPath(argument: like)
            guard path.status != nil else {
                throw Failure(.usage, "There is no picture \(path); check the path.")
            }
            query.vectors += try await model.query(like: path.url).vectors
        }
        query.since = since
        query.until = until
        query.folder = folder.map { RawPath(argument: $0).url }
        query.limit = max(limit, rerank ?? 0)
        return query
    }

    private func fitting(
        _ hits: [SearchHit], _ text: String, _ model: LibraryModel
    ) async throws -> [SearchHit] {
        var bar = ProgressBar(total: hits.count, unit: "pictures")
        var live = LiveLines(if: !json && !zeroTerminated)
        var best: [SearchHit] = []
        let cutOff = cutOff ?? 0.5
        let found = try await model.rerank(hits, by: text, atLeast: cutOff) { hit in
            if let probability = hit.matchProbability, probability >= cutOff {
                let place = best.firstIndex { ($0.matchProbability ?? 0) < probability }
                best.insert(hit, at: place ?? best.endIndex)
                live.show(best.prefix(limit).map(Self.line))
            }
            bar.advance()
        }
        bar.clear()
        live.clear()
        for (_, message) in found.unreadable { Terminal.complain(message) }
        if found.hits.isEmpty {
            let nearest = found.bestOfRest.map { hit in
                let probability = String(format: "%.2f", hit.matchProbability ?? 0)
                return " The nearest, \(hit.photo.name), fits with a probability of \(probability)."
            }
            Terminal.note(
                "No picture of the library fits \"\(text)\".\(nearest ?? "")")
        }
        return found.hits
    }

    private static func line(_ hit: SearchHit) -> String {
        let numbers = [hit.matchProbability, hit.similarity]
            .map { $0.map { String(format: "%.3f", $0) } ?? "-" }.joined(separator: "  ")
        return "\(hit.photo.name)  \(numbers)  \(hit.photo.caption ?? "")"
    }

    private func print(_ hit: SearchHit) throws {
        if json {
            try Terminal.print(try jsonLine(HitRecord(hit)))
        } else if zeroTerminated {
            try Terminal.write(bytes: (hit.photo.paths.first?.bytes ?? []) + [0])
        } else if verbose {
            try Terminal.print(Self.line(hit))
        } else {
            try Terminal.print(hit.photo.name)
        }
    }
}

private struct HitRecord: Encodable {
    let hit: SearchHit

    init(_ hit: SearchHit) { self.hit = hit }

    enum CodingKeys: String, CodingKey {
        case image, caption, similarity, matchProbability, score
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(hit.photo.name, forKey: .image)
        // null, not left out, where there is none.
        try values.encode(hit.photo.caption, forKey: .caption)
        try values.encode(hit.similarity, forKey: .similarity)
        try values.encode(hit.matchProbability, forKey: .matchProbability)
        try values.encode(hit.score, forKey: .score)
    }
}

extension Photo {
    /// Its first path, as it is printed.
    var name: String { paths.first?.description ?? "" }
}
