import ArgumentParser
import BLIP
import BlipCommandSupport

/// Which model runs, where and how: common to every command that runs one.
struct ModelArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A checkpoint folder, a converted folder, a LoRA adapter's folder, a .pth file, a pulled name, "
                + "demo or demo-int8.",
            discussion:
                "Without it, the model that BLIP_MODEL names, or that blip models --default set, or "
                + "the demo model.",
            valueName: "dir"),
        completion: .directory)
    var model: String?

    @OptionGroup var runtime: RuntimeArguments

    var runtimeOptions: RuntimeOptions { runtime.options }

    /// - Parameter tasks: what it is for; `nil` for all that it can.
    func choose(for tasks: Set<BlipTask>?) async throws -> ChosenModel {
        try await ChosenModel(model, for: tasks ?? [])
    }

    /// Opens the model, and compiles what the tasks need.
    ///
    /// - Parameter tasks: `nil` for all that it can.
    func open(_ chosen: ChosenModel, for tasks: Set<BlipTask>?) async throws -> OpenedModel {
        var opened = try OpenedModel(chosen.location, options: runtimeOptions)
        try await opened.prepare(for: tasks ?? opened.model.tasks)
        return opened
    }

    /// Chooses and opens the model, and only starts to compile what the tasks need.
    func start(for tasks: Set<BlipTask>) async throws -> OpenedModel {
        let chosen = try await choose(for: tasks)
        var opened = try OpenedModel(chosen.location, options: runtimeOptions)
        try await opened.start(for: tasks)
        return opened
    }
}
