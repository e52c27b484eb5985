public import ArgumentParser
import BLIP
import Foundation
import OpenVINO

/// Which model runs, where and how: common to every command that runs one.
struct ModelArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A checkpoint folder, a converted one, a .pth file, or a name that was pulled.",
            discussion: "Without it, the embedded demo model.", valueName: "dir"),
        completion: .directory)
    var model: String?

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
            discussion: "Without it, swift-blip/ in the user's cache folder.", valueName: "dir"),
        completion: .directory)
    var cacheDir: String?

    @Flag(help: "Keep no compiled models.")
    var noCache = false

    func validate() throws {
        if let threads, !(1...4096).contains(threads) {
            throw ValidationError("--threads wants a number from 1 to 4096, not \(threads).")
        }
    }

    var runtimeOptions: RuntimeOptions {
        RuntimeOptions(
            device: device, precision: precision, cacheDirectory: cacheDirectory, threads: threads)
    }

    private var cacheDirectory: URL? {
        if noCache { return nil }
        if let cacheDir { return URL(filePath: cacheDir, directoryHint: .isDirectory) }
        return FileManager.default.urls(for: .cachesDirectory, in: .userDomainMask).first?
            .appending(path: "swift-blip/compiled")
    }

    /// Opens the model, and compiles what the tasks need.
    func open(for tasks: Set<BlipTask>) async throws -> (BlipModel, load: Duration) {
        let start = ContinuousClock.now
        Self.prepareProcess()
        let model = try BlipModel(folder: ModelLocation.find(model), options: runtimeOptions)
        try await model.prepare(for: tasks)
        return (model, ContinuousClock.now - start)
    }

    /// Settings of the whole program, to be made before a model is opened.
    static func prepareProcess() {
        ProcessMemory.keepFreed()
        // OpenVINO would log to standard output, which belongs to the results.
        OpenVINO.Log.redirect { Terminal.note($0.trimmingCharacters(in: .newlines)) }
    }
}

extension RuntimeOptions.Precision: ExpressibleByArgument {}
