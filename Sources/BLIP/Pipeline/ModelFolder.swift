import Checkpoint
import Foundation

/// A folder that a model is loaded from: a Hugging Face checkpoint, or one that ``BlipConverter``
/// wrote.
struct ModelFolder {
    let url: URL
    let configuration: BlipConfiguration
    let source: ModelSource
    let parts: Set<ModelPart>
    let tasks: Set<BlipTask>

    init(_ url: URL) throws {
        self.url = url
        configuration = try BlipConfiguration(folder: url)
        if let manifest = try ConversionManifest(in: url) {
            source = .converted(folder: url)
            parts = Set(manifest.parts)
            tasks = Set(manifest.tasks)
        } else {
            let factory = GraphFactory(
                configuration: configuration,
                source: TensorSource(checkpoint: try Checkpoint(at: url)), storage: .asStored)
            source = .checkpoint(factory)
            parts = factory.availableParts
            tasks = factory.availableTasks
        }
    }
}

extension GraphFactory {
    var availableTasks: Set<BlipTask> {
        let parts = availableParts
        var tasks: Set<BlipTask> = []
        if parts.contains(.textDecoder) { tasks.insert(.caption) }
        if parts.isSuperset(of: [.textEncoder, .textDecoder]) { tasks.insert(.answer) }
        if parts.contains(.textEncoder), source.contains("itm_head.weight") { tasks.insert(.match) }
        return tasks
    }
}
