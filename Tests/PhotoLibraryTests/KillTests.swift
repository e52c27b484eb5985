import Foundation
import GRDB
import Subprocess
import Testing

@testable import PhotoLibrary

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

@Suite("An index run that is killed")
struct KillTests {
    /// SIGKILL while batches are written, at moments that differ from round to round: what was kept before
    /// stays, and the library is whole. BLIP_KILLS sets how often.
    @Test func atAnyMomentTheLibraryIsWhole() async throws {
        let rounds = ProcessInfo.processInfo.environment["BLIP_KILLS"].flatMap { Int($0) } ?? 12
        let folder = try TestFolder()
        let total = 6 * rounds
        try folder.addSquares(total)
        var kept = 0
        var killed = 0
        for round in 0..<rounds {
            if try await index(
                folder, killedAfter: min(kept + 1 + round % 3, total - rounds),
                delay: round % 7 * 300)
            {
                killed += 1
            }
            let library = try folder.library(for: .reading)
            let count = try library.count
            #expect(count >= kept)
            kept = count
            try expectWhole(library)
            // Now and then a file goes and another one comes, so that removing is killed too.
            if round % 5 == 4 {
                try FileManager.default.removeItem(
                    at: folder.photos.appending(path: "square-\(round).png"))
                kept = max(0, kept - 1)
            }
        }
        #expect(killed > 0)
        _ = try await index(folder, killedAfter: nil, delay: 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.photos.path)
        #expect(try folder.library(for: .reading).count == names.count)
    }

    /// - Parameters:
    ///   - count: pictures that the library must have first; `nil` to let it come to its end.
    ///   - delay: microseconds more.
    /// - Returns: whether it was killed.
    private func index(
        _ folder: borrowing TestFolder, killedAfter count: Int?, delay: Int
    ) async throws -> Bool {
        let file = folder.file
        let outcome = try await Subprocess.run(
            .path(FilePath(Self.program)),
            arguments: [
                "index", folder.photos.path, "--library", file.path, "--batch", "1", "--model",
                "demo", "--device", "CPU", "--threads", "1", "--max-length", "3", "--cache-dir",
                folder.url.appending(path: "cache").path,
            ],
            environment: .custom(["HOME": folder.url.path]), input: .none, output: .discarded,
            error: .discarded
        ) { execution in
            guard let count else { return }
            // By what is in the library, not by the clock: as right on a busy machine.
            let deadline = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < deadline {
                if let found = try? Library(at: file).count, found >= count { break }
                try await Task.sleep(for: .milliseconds(2))
            }
            try await Task.sleep(for: .microseconds(delay))
            try? execution.send(signal: .kill)
        }
        if case .signaled = outcome.terminationStatus { return true }
        return false
    }

    /// Beside the test bundle, where the package manager puts what is built.
    private static let program: String = {
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let tests = bundle ?? URL(filePath: CommandLine.arguments[0])
        return tests.deletingLastPathComponent().appending(path: "blip").path
    }()
}
