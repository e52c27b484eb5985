public import ArgumentParser
import BLIP
import DemoModel
import Foundation
import Hub
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

    /// The model's folder or file: a path, or a name that was pulled.
    private func location() throws -> URL {
        guard let model else { return DemoModel.folder }
        let file = URL(filePath: model)
        if FileManager.default.fileExists(atPath: file.path) { return file }
        guard let name = try? RepositoryName(model) else {
            throw Failure(
                .missingModel,
                "There is no model at \(file.path); give --model the folder of a checkpoint, or "
                    + "leave it out for the demo model.")
        }
        guard let snapshot = HubCache(try HubConfiguration().cache).snapshot(of: name) else {
            throw Failure(
                .missingModel,
                "\(name) is neither a folder nor pulled; fetch it with: blip pull \(name)")
        }
        return snapshot
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
        // OpenVINO would log to standard output, which belongs to the results.
        OpenVINO.Log.redirect { Terminal.note($0.trimmingCharacters(in: .newlines)) }
        let model = try BlipModel(folder: location(), options: runtimeOptions)
        try await model.prepare(for: tasks)
        return (model, ContinuousClock.now - start)
    }
}

extension RuntimeOptions.Precision: ExpressibleByArgument {}
