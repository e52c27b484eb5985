import Foundation
import Subprocess
import Testing

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

@Suite("A conversion that is killed")
struct ConvertKillTests {
    /// What makes the moment to kill at.
    private enum Moment: CaseIterable {
        case start, writing, replacing
    }

    /// SIGKILL at moments that are spread over a conversion, the same in every run, each with a conversion of
    /// another model than the one that is there: the old one or the new one is there, whole.
    @Test func theOldOrTheNewIsWhole() async throws {
        let folder = try TemporaryFolder()
        let checkpoints = ["all-tasks", "caption-f16"].map(Repository.checkpoint)
        var whole: [[String: Data]] = []
        for (index, checkpoint) in checkpoints.enumerated() {
            let out = folder.path("whole-\(index)")
            #expect(try await BlipProgram.run("convert", checkpoint, "--out", out).status == 0)
            whole.append(try Converted(out).files)
        }
        #expect(whole[0].keys.contains("text_encoder.xml") && whole[1].keys.count < 20)
        let out = folder.path("out")
        #expect(try await BlipProgram.run("convert", checkpoints[0], "--out", out).status == 0)
        var killed = 0
        var last = 0
        for round in 0..<24 {
            let (step, kind) = round.quotientAndRemainder(dividingBy: Moment.allCases.count)
            let moment = Moment.allCases[kind]
            if try await convert(checkpoints[1 - last], to: out, killedAt: moment, step) {
                killed += 1
            }
            let found = try Converted(out)
            last = try #require(whole.firstIndex(of: found.files), "\(moment): \(found.files.keys)")
            if found.isReplacing { try await expectRuns(out) }
        }
        #expect(killed > 0)
        // And in the end it comes to an end, and leaves nothing behind.
        #expect(try await BlipProgram.run("convert", checkpoints[0], "--out", out).status == 0)
        #expect(
            Set(try FileManager.default.contentsOfDirectory(atPath: out))
                == Set(whole[0].keys).union([Converted.manifest]))
        try await expectRuns(out)
    }

    /// The state between the step that makes a conversion the model and its end, made by hand.
    @Test func filesThatHaveNotTakenTheirPlacesAreFound() async throws {
        let folder = try TemporaryFolder()
        let out = folder.path("out")
        let checkpoint = Repository.checkpoint("caption-f16")
        #expect(try await BlipProgram.run("convert", checkpoint, "--out", out).status == 0)
        let files = FileManager.default
        let names = try files.contentsOfDirectory(atPath: out)
        let hidden = ".swift-blip-\(UUID().uuidString)"
        try files.createDirectory(atPath: "\(out)/\(hidden)", withIntermediateDirectories: false)
        for name in names where name != Converted.manifest {
            try files.moveItem(atPath: "\(out)/\(name)", toPath: "\(out)/\(hidden)/\(name)")
        }
        let manifest = URL(filePath: "\(out)/\(Converted.manifest)")
        let text = try String(contentsOf: manifest, encoding: .utf8)
        try Data("{\"staging\":\"\(hidden)\",\(text.dropFirst())".utf8).write(to: manifest)
        #expect(try Converted(out).isReplacing)
        try await expectRuns(out)
        // What cannot be converted anew stays the model.
        let refused = try await BlipProgram.run("convert", "/nowhere/at-all", "--out", out)
        #expect(refused.status == 66)
        try await expectRuns(out)
        #expect(try await BlipProgram.run("convert", checkpoint, "--out", out).status == 0)
        #expect(Set(try files.contentsOfDirectory(atPath: out)) == Set(names))
    }

    private func expectRuns(_ model: String) async throws {
        let result = try await BlipProgram.run(
            "caption", Repository.photo("china.jpg"), "--model", model, "--no-cache")
        #expect(result.status == 0, "\(result.errors)")
        #expect(!result.output.isEmpty)
    }

    /// `true` where it was killed before it ended.
    ///
    /// - Parameter step: from 0 to 7, how late.
    private func convert(
        _ checkpoint: String, to out: String, killedAt moment: Moment, _ step: Int
    ) async throws -> Bool {
        let outcome = try await Subprocess.run(
            .path(FilePath(BlipProgram.path)), arguments: ["convert", checkpoint, "--out", out],
            environment: .custom([:]), input: .none, output: .discarded, error: .discarded
        ) { execution in
            try await wait(for: moment, step, in: out)
            try? execution.send(signal: .kill)
        }
        if case .signaled = outcome.terminationStatus { return true }
        return false
    }

    /// By what is on the disk, not by the clock: as right on a busy machine.
    private func wait(for moment: Moment, _ step: Int, in out: String) async throws {
        let manifest = URL(filePath: "\(out)/\(Converted.manifest)")
        let before = try Data(contentsOf: manifest)
        let wanted = 1 + step * 17 / 7
        let deadline = ContinuousClock.now + .seconds(60)
        // All is over once the manifest is another.
        while ContinuousClock.now < deadline, try Data(contentsOf: manifest) == before {
            if moment == .start { break }
            if moment == .writing, Converted.hiddenFiles(in: out) >= wanted { return }
        }
        try await Task.sleep(for: .microseconds(step * 200))
        if moment == .start { try await Task.sleep(for: .milliseconds(step * 40)) }
    }
}

/// A converted folder as the program sees it.
private struct Converted {
    static let manifest = "swift_blip.json"

    /// By name, without the manifest.
    let files: [String: Data]
    /// Whether the model's files are still in their hidden folder.
    let isReplacing: Bool

    init(_ folder: String) throws {
        struct Manifest: Decodable { let staging: String? }
        let manifest = try Data(contentsOf: URL(filePath: "\(folder)/\(Self.manifest)"))
        let staging = try JSONDecoder().decode(Manifest.self, from: manifest).staging
        isReplacing = staging != nil
        let place = staging.map { "\(folder)/\($0)" } ?? folder
        let names = try FileManager.default.contentsOfDirectory(atPath: place)
            .filter { $0 != Self.manifest && !$0.hasPrefix(".") }
        files = try Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, try Data(contentsOf: URL(filePath: "\(place)/\($0)")))
            })
    }

    static func hiddenFiles(in folder: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(".") }.reduce(0) { count, name in
            count
                + ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)"))?
                    .count
                    ?? 0)
        }
    }
}
