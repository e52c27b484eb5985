import BLIP
import Foundation
import BlipPictures

/// The product's side of `make bench`: answers the same JSON commands on standard input as the
/// Python peers in `Benchmarks/peers` do, so that all can be run in turn.
///
/// Arguments: MODEL PRECISION. A command is `{"task": "caption", "image": FILE, "new_tokens": 20}`,
/// or `"task": "vqa"` with a `question`; `"same_picture": true` asks about the last one anew.
@main
struct BenchmarkWorker {
    static func main() async throws {
        let start = ContinuousClock.now
        guard CommandLine.arguments.count == 3,
            let precision = RuntimeOptions.Precision(rawValue: CommandLine.arguments[2])
        else { throw Failure(description: "usage: BenchmarkWorker MODEL auto|f32|f16|bf16") }
        ProcessMemory.keepFreed()
        let model = try BlipModel(
            folder: URL(filePath: CommandLine.arguments[1], directoryHint: .isDirectory),
            options: RuntimeOptions(device: "CPU", precision: precision))
        try await model.prepare(for: model.tasks.subtracting([.match]))
        say(["ready": true, "load_ms": (ContinuousClock.now - start).milliseconds])

        var image: EncodedImage?
        while let line = readLine() {
            let command = try JSONDecoder().decode(Command.self, from: Data(line.utf8))
            if command.task == "quit" { break }
            let begin = ContinuousClock.now
            let seen: EncodedImage
            var timings = StageTimings()
            if let image, command.samePicture == true {
                seen = image
            } else {
                seen = try await model.encode(
                    Picture(
                        contentsOf: URL(filePath: command.image), options: model.pictureOptions))
                timings = seen.timings
            }
            image = seen
            let length = command.newTokens + 1
            let options = GenerationOptions(
                maximumLength: length, minimumLength: command.freeLength == true ? 0 : length)
            let text =
                command.task == "vqa"
                ? try await model.answer(command.question ?? "", about: seen, options: options)
                : try await model.caption(seen, options: options)
            timings = timings + text.timings
            say([
                "task": command.task, "image": command.image, "token_ids": text.tokenIDs,
                "output": text.text, "preprocess": timings.preprocess.milliseconds,
                "vision": timings.vision.milliseconds, "text": timings.text.milliseconds,
                "decode": timings.decode.milliseconds,
                "total": (ContinuousClock.now - begin).milliseconds,
            ])
        }
        say(["peak_rss_mb": peakMemory()])
    }

    private struct Command: Decodable {
        let task: String
        let image: String
        let newTokens: Int
        let question: String?
        let samePicture: Bool?
        let freeLength: Bool?

        enum CodingKeys: String, CodingKey {
            case task, image, question
            case newTokens = "new_tokens"
            case samePicture = "same_picture"
            case freeLength = "free_length"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            task = try values.decode(String.self, forKey: .task)
            image = try values.decodeIfPresent(String.self, forKey: .image) ?? ""
            newTokens = try values.decodeIfPresent(Int.self, forKey: .newTokens) ?? 20
            question = try values.decodeIfPresent(String.self, forKey: .question)
            samePicture = try values.decodeIfPresent(Bool.self, forKey: .samePicture)
            freeLength = try values.decodeIfPresent(Bool.self, forKey: .freeLength)
        }
    }

    private static func say(_ object: [String: Any]) {
        guard let data = try? JSONSerialization.data(withJSONObject: object) else { return }
        FileHandle.standardOutput.write(data + Data("\n".utf8))
    }

    /// Megabytes of memory that were resident at most.
    private static func peakMemory() -> Double {
        #if os(Linux)
            // Not getrusage's: that begins with what the program had that started this one.
            let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
            return kilobytes.flatMap { Double($0) }.map { $0 * 1024 / 1e6 } ?? 0
        #else
            var usage = rusage()
            getrusage(RUSAGE_SELF, &usage)
            return Double(usage.ru_maxrss) / 1e6
        #endif
    }
}

private struct Failure: Error, CustomStringConvertible {
    let description: String
}

extension Duration {
    fileprivate var milliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1e3 + Double(attoseconds) / 1e15
    }
}
