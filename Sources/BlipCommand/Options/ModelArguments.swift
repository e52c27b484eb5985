import ArgumentParser
import BLIP
import Foundation
import OpenVINO

/// Which model runs, where and how: common to every command that runs one.
struct ModelArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A checkpoint folder, a converted one, a .pth file, a pulled name, or demo-int8.",
            discussion: "Without it, the embedded demo model.", valueName: "dir"),
        completion: .directory)
    var model: String?

    @OptionGroup var runtime: RuntimeArguments

    var runtimeOptions: RuntimeOptions { runtime.options }

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
