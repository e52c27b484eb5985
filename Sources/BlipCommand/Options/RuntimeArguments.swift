public import ArgumentParser
import BLIP
import Foundation

/// Where and how models run: common to every command that runs some.
struct RuntimeArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The device, as OpenVINO names it: CPU, GPU, NPU, AUTO, GPU.1, HETERO:GPU,CPU.",
            valueName: "name"))
    var device = "AUTO"

    @Option(
        help: ArgumentHelp(
            "What products are computed in: auto, f32, f16 or bf16.",
            discussion: "auto is what the device does best; f32 gives the reference's tokens.",
            valueName: "type"))
    var precision = RuntimeOptions.Precision.automatic

    @Option(
        help: ArgumentHelp("The most threads to use; without it, the device decides."))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "Where compiled models are kept, so that the next start is quick.",
            discussion: "Without it, ~/.cache/swift-blip, or swift-blip in XDG_CACHE_HOME.",
            valueName: "dir"),
        completion: .directory)
    var cacheDir: String?

    @Flag(help: "Keep no compiled models.")
    var noCache = false

    func validate() throws {
        if let threads, !(1...4096).contains(threads) {
            throw ValidationError("--threads wants a number from 1 to 4096, not \(threads).")
        }
    }

    var options: RuntimeOptions {
        RuntimeOptions(
            device: device, precision: precision, cacheDirectory: cacheDirectory, threads: threads,
            modelCache: ModelLocation.cache)
    }

    private var cacheDirectory: URL? {
        if noCache { return nil }
        if let cacheDir { return URL(filePath: cacheDir, directoryHint: .isDirectory) }
        return userCache.appending(path: "swift-blip/compiled")
    }

    /// The same that pulled checkpoints lie in. (Foundation asks the user database before HOME.)
    private var userCache: URL {
        let environment = ProcessInfo.processInfo.environment
        // The specification wants relative paths to be ignored.
        if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") {
            return URL(filePath: folder, directoryHint: .isDirectory)
        }
        let home =
            environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }.map { URL(filePath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser
        return home.appending(path: ".cache")
    }
}

extension RuntimeOptions.Precision: ExpressibleByArgument {}
